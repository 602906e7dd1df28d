#!/usr/bin/env node
// What an answer costs: the router beside a bare Express app and beside designs that ask Redis on every request; its memory, and how its
// event loop fares with 10 000 nodes.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { tinyGeoFile } from '@turn-router/testing';
import { barChart } from './chart.mjs';
import { cleanUp, endChildren, otherCore, temporaryFile } from './children.mjs';
import { loadInTurn } from './load.mjs';
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

Measures the built router and writes results.md and results.svg beside this file; takes about seven minutes. Needs redis-server, wrk and
taskset. --short takes one, measures too little to be believed, and writes nothing.
`;

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});
const plan = values.short
  ? { rounds: 1, seconds: 1, warmUpSeconds: 3, steadySeconds: 3, refreshes: 3 }
  : { rounds: 5, seconds: 3, warmUpSeconds: 25, steadySeconds: 30, refreshes: 15 };

/** The bare app, and the router over fleets of three sizes with the default GeoIP data. */
async function measureThroughput() {
  const bare = { name: 'bare Express', ...(await startBareExpress()) };
  const routers = [];
  for (const nodes of [12, 1_000, 10_000]) {
    routers.push({ name: `router, ${nodes} nodes`, ...(await startRouter(await startFleet(nodes))) });
  }
  return loadInTurn([bare, ...routers], plan);
}

/** @param {number} nodes @param {string} geoipFile */
async function measureAgainstNaive(nodes, geoipFile) {
  const fleet = await startEuropeanFleet(nodes);
  const baseline = findPythonBaseline();
  const targets = [
    { name: `router, ${nodes} nodes`, ...(await startRouter(fleet, { geoipFile })) },
    { name: `KEYS and GET in JavaScript, ${nodes} nodes`, ...(await startNaiveDesign(fleet)) },
  ];
  if (!('missing' in baseline)) {
    const python = await startPythonBaseline(fleet, baseline);
    targets.push({ name: `KEYS and GET in Python, ${nodes} nodes`, ...python });
  }
  return loadInTurn(targets, { ...plan, rounds: Math.min(2, plan.rounds), oneCaller: true });
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
    const throughput = await measureThroughput();
    await endChildren();
    const naive = [await measureAgainstNaive(16, geoipFile), await measureAgainstNaive(400, geoipFile)];
    await endChildren();
    const thousand = await startFleet(1_000);
    const atThousand = await measureSteady((options) => startRouter(thousand, { ...options, geoipFile }));
    await endChildren();
    const tenThousand = await startFleet(10_000);
    const atTenThousand = await measureSteady((options) => startRouter(tenThousand, { ...options, geoipFile }));
    const snapshot = await measureSnapshot(tenThousand.redisPort, plan.refreshes);
    await endChildren();
    const bare = await measureSteady(startBareExpress);
    const missing = findPythonBaseline();
    const results = {
      throughput,
      naive,
      steady: { bare, atThousand, atTenThousand },
      snapshot,
      leftOut: 'missing' in missing ? missing.missing : undefined,
    };
    const report = reportOf(results, plan);
    process.stdout.write(report);
    if (!values.short) {
      await writeFile(new URL('results.md', import.meta.url), report);
      await writeFile(
        new URL('results.svg', import.meta.url),
        barChart('Answers a second, one process', chartBars(results)),
      );
    }
  } finally {
    await cleanUp();
  }
}
