/**
 * Whether this is Node 20, where it pays off to give messages their prototypes beforehand and V8's own threads a low priority. On Node 24 the
 * first costs 4 % of an answer, and nothing was gained by the second (`npm run prove -- answer-cost`).
 */
export const isNode20 = process.versions.node.startsWith('20.');
