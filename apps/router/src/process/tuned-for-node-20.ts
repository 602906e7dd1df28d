/**
 * Whether this is Node 20, where it pays off to give messages their prototypes beforehand and V8's own threads a low priority. On Node 24 the
 * first costs some 4 % of an answer (`npm run prove -- answer-cost`); the second was not measured there, so it is left out.
 */
export const isNode20 = process.versions.node.startsWith('20.');
