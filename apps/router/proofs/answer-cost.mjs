// processor time an answer takes, router beside a bare Express app
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { cleanUp, otherCore } from '../bench/children.mjs';
import { findNode } from '../bench/node-versions.mjs';
import { costOf, costRatioOf, measurePaired } from '../bench/paired.mjs';
import { startBareExpress, startFleet, startRouter } from '../bench/servers.mjs';

const usage = `Usage: npm run prove -- answer-cost [options]

Measures the processor time that an answer takes, of the built router and of a bare Express app in turn. Needs redis-server, wrk and
taskset.

  --quick       one version of Node, one fleet, no gates: about a minute
  --node MAJOR  which version of Node, with --quick; default 24
  --nodes N     how many nodes the fleet has, with --quick; default 12
  --rounds N    how many rounds, with --quick; default 15
  --router DIR  another checkout's built apps/router, measured beside this one; with --quick
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    node: { type: 'string', default: '24' },
    nodes: { type: 'string', default: '12' },
    rounds: { type: 'string', default: '15' },
    router: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function proveQuickly() {
  const node = findNode(Number(values.node));
  if ('missing' in node) throw new Error(node.missing);
  const fleet = await startFleet(Number(values.nodes));
  const run = { node: node.path };
  const starts = [
    startBareExpress(run).then((server) => ({ name: 'bare Express', ...server })),
    startRouter(fleet, run).then((server) => ({ name: 'router', ...server })),
    ...(values.router === undefined
      ? []
      : [
          startRouter(fleet, { ...run, folder: values.router }).then((server) => ({ name: 'other router', ...server })),
        ]),
  ];
  const plan = { warmUpAnswers: 30_000, rounds: Number(values.rounds), seconds: 1 };
  const measured = await measurePaired(await Promise.all(starts), plan);
  const [bare, ...routers] = measured;
  process.stdout.write(`Node ${node.version}, ${fleet.nodes} nodes, medians (quartiles) of ${plan.rounds} rounds\n`);
  for (const each of measured) {
    process.stdout.write(
      `${each.target.name}: ${spread(costOf(each), 1)} µs an answer, ${spread(costRatioOf(each, bare), 2)} × bare Express\n`,
    );
  }
  const [ours, other] = routers;
  if (other !== undefined) process.stdout.write(`router ÷ other router: ${spread(costRatioOf(ours, other), 3)}\n`);
}

/** @param {{low: number, median: number, high: number}} figures @param {number} digits */
function spread({ low, median, high }, digits) {
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

if (values.help) process.stdout.write(usage);
else {
  execFileSync('taskset', ['-cp', `${otherCore}`, `${process.pid}`]);
  try {
    await proveQuickly();
  } finally {
    await cleanUp();
  }
}
