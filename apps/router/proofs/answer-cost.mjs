// processor time an answer takes, router beside a bare Express app
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { measureAnswerCost } from '../bench/answer-cost.mjs';
import { endChildren, otherCore } from '../bench/children.mjs';
import { costGates } from '../bench/cost-gates.mjs';
import { costReportOf, spreadText } from '../bench/cost-report.mjs';
import { findNode } from '../bench/node-versions.mjs';
import { costOf, costRatioOf, measurePaired } from '../bench/paired.mjs';
import { fullPlan } from '../bench/plans.mjs';
import { startBareExpress, startFleet, startRouter } from '../bench/servers.mjs';

const usage = `Usage: npm run prove -- answer-cost [options]

Measures the processor time per answer of the built router and of a bare Express app in turn, on Node 24 and 20. Exits with code 1 if it is
over its limit. Takes about twelve minutes on a quiet machine. Needs redis-server, wrk, taskset and, for the other Node, npx.

  --quick       one version of Node and one fleet, without limits; takes about a minute and a half
  --node MAJOR  version of Node, with --quick; default 24
  --nodes N     number of nodes in the fleet, with --quick; default 12
  --rounds N    number of rounds, with --quick; default 15
  --router DIR  built apps/router of another checkout, measured in turn with this one, with --quick
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

async function prove() {
  const cost = await measureAnswerCost(fullPlan.cost);
  process.stdout.write(costReportOf(cost, fullPlan.cost));
  if (costGates(cost).some(({ isMet, isJudged }) => isJudged && !isMet)) process.exitCode = 1;
}

async function compareQuickly() {
  const node = findNode(Number(values.node));
  if ('missing' in node) throw new Error(node.missing);
  const fleet = await startFleet(Number(values.nodes));
  const run = { node: node.path };
  const bareTarget = { name: 'bare Express', ...(await startBareExpress(run)) };
  const target = { name: 'router', ...(await startRouter(fleet, run)) };
  const others =
    values.router === undefined
      ? []
      : [{ name: 'other router', ...(await startRouter(fleet, { ...run, folder: values.router })) }];
  const plan = { warmUpAnswers: 20_000, restSeconds: 5, rounds: Number(values.rounds), seconds: 1 };
  const all = await measurePaired([bareTarget, target, ...others], plan);
  const [bare, router, ...otherRouters] = all;
  if (bare === undefined || router === undefined)
    throw new Error('expected two measurements: one of an Express app without router code, and one of the router');
  const lines = [`Node ${node.version}, ${fleet.nodes} nodes; medians and quartiles of ${plan.rounds} rounds`];
  for (const measured of [bare, router, ...otherRouters]) {
    const timesBare = measured === bare ? '' : `, ${spreadText(costRatioOf(measured, bare), 2)} × bare Express`;
    lines.push(`${measured.target.name}: ${spreadText(costOf(measured), 1)} µs an answer${timesBare}`);
  }
  for (const other of otherRouters) lines.push(`router ÷ other router: ${spreadText(costRatioOf(router, other), 3)}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

if (values.help) process.stdout.write(usage);
else {
  execFileSync('taskset', ['-cp', `${otherCore}`, `${process.pid}`]);
  try {
    await (values.quick ? compareQuickly() : prove());
  } finally {
    await endChildren();
  }
}
