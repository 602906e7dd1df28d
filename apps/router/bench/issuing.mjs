#!/usr/bin/env node
// Measures the cost of a request to the router, beside a bare Express app and beside designs that read Redis on every request. Also measures
// the router's memory, and the delays of its event loop with 10 000 nodes.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { tinyGeoFile } from '@turn-router/testing';
import { measureAnswerCost } from './answer-cost.mjs';
import { barChart } from './chart.mjs';
import { endChildren, otherCore, temporaryFile } from './children.mjs';
import { costGates } from './cost-gates.mjs';
import { loadInTurn } from './load.mjs';
import { fullPlan, shortPlan } from './plans.mjs';
import { findPythonBaseline } from './python-baseline.mjs';
import { chartBars, reportOf } from './report.mjs';
import {
  startBareExpress,
  startEuropeanFleet,
  startFleet,
  startNaiveDesign,
  startPythonBaseline,
  startRouter,
} from './servers.mjs';
import { measureSnapshot } from './snapshot.mjs';
import { watchUnderSteadyLoad } from './steady.mjs';

const usage = `Usage: node bench/issuing.mjs [--short]

Measures the built router and writes results.md and results.svg beside this file; takes about twenty minutes. Exits with code 1 if an
answer costs more than its limit. Needs redis-server, wrk, taskset and, for the other version of Node, npx. --short takes five minutes; its
figures are too few to rely on, so it writes no files and checks no limits.
`;

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});
const plan = values.short ? shortPlan : fullPlan;

/** @param {number} nodes @param {{node: string, geoipFile: string}} run */
async function measureAgainstNaive(nodes, run) {
  const fleet = await startEuropeanFleet(nodes);
  const baseline = findPythonBaseline();
  const targets = [
    { name: `router, ${nodes} nodes`, ...(await startRouter(fleet, run)) },
    { name: `KEYS and GET in JavaScript, ${nodes} nodes`, ...(await startNaiveDesign(fleet, run)) },
  ];
  if (!('missing' in baseline)) {
    const python = await startPythonBaseline(fleet, baseline);
    targets.push({ name: `KEYS and GET in Python, ${nodes} nodes`, ...python });
  }
  return loadInTurn(targets, { ...plan, oneCaller: true });
}

/** @param {(options: {eventLoopFile: string}) => ReturnType<typeof startRouter>} start */
async function measureSteady(start) {
  const eventLoopFile = temporaryFile('event-loop.json');
  const server = await start({ eventLoopFile });
  const { warmUpSeconds, steadySeconds: seconds } = plan;
  return watchUnderSteadyLoad(server, { ratePerSecond: 1_000, warmUpSeconds, seconds, eventLoopFile });
}

if (values.help) process.stdout.write(usage);
else {
  execFileSync('taskset', ['-cp', `${otherCore}`, `${process.pid}`]);
  try {
    const geoipFile = tinyGeoFile;
    const cost = await measureAnswerCost(plan.cost);
    const node = cost.first.path;
    const naive = [
      await measureAgainstNaive(16, { node, geoipFile }),
      await measureAgainstNaive(400, { node, geoipFile }),
    ];
    await endChildren();
    const thousand = await startFleet(1_000);
    const atThousand = await measureSteady((watch) => startRouter(thousand, { ...watch, node, geoipFile }));
    await endChildren();
    const tenThousand = await startFleet(10_000);
    const atTenThousand = await measureSteady((watch) => startRouter(tenThousand, { ...watch, node, geoipFile }));
    const snapshot = await measureSnapshot(tenThousand.redisPort, plan.refreshes);
    await endChildren();
    const bare = await measureSteady((watch) => startBareExpress({ ...watch, node }));
    const baseline = findPythonBaseline();
    const results = {
      cost,
      naive,
      steady: { bare, atThousand, atTenThousand },
      snapshot,
      leftOut: 'missing' in baseline ? baseline.missing : undefined,
    };
    const report = reportOf(results, plan);
    process.stdout.write(report);
    if (!values.short) {
      await writeFile(new URL('results.md', import.meta.url), report);
      await writeFile(
        new URL('results.svg', import.meta.url),
        barChart('Processor time of an answer, µs: less is better', chartBars(results)),
      );
      if (costGates(cost).some(({ isMet, isJudged }) => isJudged && !isMet)) process.exitCode = 1;
    }
  } finally {
    await endChildren();
  }
}
