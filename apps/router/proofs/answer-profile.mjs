// where the processor time of an answer goes, function by function
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endChildren, otherCore, temporaryFile } from '../bench/children.mjs';
import { findNode } from '../bench/node-versions.mjs';
import { profileAnswers } from '../bench/profile.mjs';
import { startBareExpress, startFleet, startRouter } from '../bench/servers.mjs';

const usage = `Usage: npm run prove -- answer-profile [options]

Profiles the built router and a bare Express app under load, and prints the time of each function per answer, without called functions.
Takes about a minute. Needs redis-server, wrk and taskset.

  --node MAJOR  version of Node; default 24
  --nodes N     number of nodes in the fleet; default 12
  --router DIR  built apps/router of another checkout
  --top N       number of functions; default 40
  --keep DIR    directory for both profiles, for a browser's developer tools
`;

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: '24' },
    nodes: { type: 'string', default: '12' },
    router: { type: 'string' },
    top: { type: 'string', default: '40' },
    keep: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** @typedef {import('../bench/profile.mjs').AnswerProfile} AnswerProfile */

/** @param {string} name @param {(run: {node: string, profileFile: string}) => ReturnType<typeof startBareExpress>} start @param {string} node */
async function profileOf(name, start, node) {
  const profileFile = temporaryFile(`${name}.cpuprofile`);
  const server = await start({ node, profileFile });
  const answers = await profileAnswers({ name, ...server }, { profileFile, warmUpAnswers: 30_000, rounds: 5 });
  if (values.keep !== undefined) await writeFile(join(values.keep, `${name}.cpuprofile`), answers.profile);
  return answers;
}

async function print() {
  const node = findNode(Number(values.node));
  if ('missing' in node) throw new Error(node.missing);
  const fleet = await startFleet(Number(values.nodes));
  const folder = values.router === undefined ? {} : { folder: values.router };
  const router = await profileOf('router', (run) => startRouter(fleet, { ...run, ...folder }), node.path);
  const bare = await profileOf('bare-express', startBareExpress, node.path);
  process.stdout.write(`Node ${node.version}, ${fleet.nodes} nodes; µs an answer while being profiled

  router    bare  by thread
${tableOf(router.threads, bare.threads, Number.POSITIVE_INFINITY)}

the main thread, by package
${tableOf(
  sums(router, ({ owner }) => owner),
  sums(bare, ({ owner }) => owner),
  Number.POSITIVE_INFINITY,
)}

the main thread, by function
${tableOf(sums(router, labelOf), sums(bare, labelOf), Number(values.top))}
`);
}

/** @param {import('../bench/profile.mjs').Entry} entry */
function labelOf({ name, place }) {
  return `${name}  ${place}`;
}

/** @param {AnswerProfile} profile @param {(entry: AnswerProfile['entries'][number]) => string} groupOf */
function sums({ entries }, groupOf) {
  /** @type {Map<string, number>} */
  const groups = new Map();
  for (const entry of entries) groups.set(groupOf(entry), (groups.get(groupOf(entry)) ?? 0) + entry.selfUs);
  return groups;
}

/** @param {ReadonlyMap<string, number>} router @param {ReadonlyMap<string, number>} bare @param {number} top */
function tableOf(router, bare, top) {
  const rows = [...new Set([...router.keys(), ...bare.keys()])]
    .map((label) => ({ label, ours: router.get(label) ?? 0, theirs: bare.get(label) ?? 0 }))
    .toSorted((a, b) => Math.max(b.ours, b.theirs) - Math.max(a.ours, a.theirs));
  return rows
    .slice(0, top)
    .map(({ label, ours, theirs }) => row(ours, theirs, label))
    .join('\n');
}

/** @param {number} router @param {number} bare @param {string} label */
function row(router, bare, label) {
  return `${router.toFixed(1).padStart(8)}${bare.toFixed(1).padStart(8)}  ${label}`;
}

if (values.help) process.stdout.write(usage);
else {
  execFileSync('taskset', ['-cp', `${otherCore}`, `${process.pid}`]);
  try {
    await print();
  } finally {
    await endChildren();
  }
}
