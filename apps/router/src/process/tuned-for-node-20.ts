/**
 * Whether this is Node 20. On Node 20 two things make requests faster: setting the prototypes of messages beforehand, and giving V8's own threads a
 * low priority. On Node 24, the first costs some 4 % of a request (`npm run prove -- answer-cost`). The second was not measured on Node 24, so it
 * is not used there.
 */
export const isNode20 = process.versions.node.startsWith('20.');
