/**
 * Whether this is Node 20, where measures against slow prototypes, large heaps and threads that take turns with answers pay off. On Node 24
 * each of them costs more than it gains (`npm run prove -- answer-cost`).
 */
export const isNode20 = process.versions.node.startsWith('20.');
