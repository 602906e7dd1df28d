#!/usr/bin/env node
// checks that 12 health-reporters that restart one after the other under 50 calls a second move at most 5 % of the calls (2 min)
import { parseArgs } from 'node:util';
import { guardRun } from '@turn-router/run-guard';
import { startFleet, startParts, startRedis, startSteadyLoad } from '@turn-router/testing';

const usage = `Usage: node packages/e2e/proofs/rolling-restart.mjs [--nodes N] [--rate N] [--down SECONDS] [--drain]

Starts a Redis, a router, and N regions with one coturn and one health-reporter each. Calls for all regions arrive at a constant rate. Each reporter gets
SIGTERM, and starts again after some seconds, one reporter after the other. A region has only one node, so each gap of a node moves calls.

  --nodes N        number of nodes and regions; default 12
  --rate N         calls a second; default 50
  --down SECONDS   time from the end of a reporter to its start; default 3
  --drain          start the reporters with DRAIN_ON_SIGTERM=true, to see the difference

The exit code is 1 if more than 5 % of the calls leave their region, or if a call gets no relay.
`;

const movedMax = 0.05;
const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '12' },
    rate: { type: 'string', default: '50' },
    down: { type: 'string', default: '3' },
    drain: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** The caller whose home is this region. @param {number} index */
function callerOf(index) {
  return `198.51.100.${index + 1}`;
}

/** All regions are at one place, and spill to the next two. The CPU does not count, because all nodes run on this machine. @param {readonly string[]} regions */
function policyOf(regions) {
  const lines = regions.map((region, index) => {
    const next = [1, 2].map((step) => regions[(index + step) % regions.length]).filter((name) => name !== region);
    return `  ${region}: {location: [50.11, 8.68], spillover: [${[...new Set(next)].join(', ')}]}`;
  });
  const homes = regions.map((region, index) => `${callerOf(index)}/32: ${region}`).join(', ');
  return `defaultRegion: ${regions[0]}\nregions:\n${lines.join('\n')}\nload: {cpu: 0}\nplacement: {prefixes: {${homes}}}\n`;
}

/** @param {number} nodes @param {number} ratePerSecond */
function startStage(nodes, ratePerSecond) {
  const regions = Array.from({ length: nodes }, (_, index) => `region-${index + 1}`);
  return startParts(async (add) => {
    const redis = add(await startRedis());
    const fleet = add(
      await startFleet({
        policy: policyOf(regions),
        regions,
        redisUrl: redis.url,
        routerEnvironment: { TRUSTED_PROXIES: '127.0.0.1/32' },
        reporterEnvironment: { DRAIN_ON_SIGTERM: `${values.drain}` },
      }),
    );
    const load = add(
      startSteadyLoad({
        url: fleet.router.url,
        ratePerSecond,
        maxSeconds: 1_800,
        callers: regions.map((_, index) => ({ headers: { 'x-forwarded-for': callerOf(index) } })),
      }),
    );
    return { fleet, load };
  });
}

/** Restarts all reporters under load, and returns all answers. @param {number} nodes @param {number} ratePerSecond @param {number} downSeconds */
async function measure(nodes, ratePerSecond, downSeconds) {
  const stage = await startStage(nodes, ratePerSecond);
  try {
    for (const node of stage.fleet.nodes) await stage.fleet.restartReporter(node, downSeconds * 1000);
    await stage.load.stop();
    return stage.load.answers();
  } finally {
    await stage[Symbol.asyncDispose]();
  }
}

if (values.help) process.stdout.write(usage);
else {
  const [nodes, rate, down] = [Number(values.nodes), Number(values.rate), Number(values.down)];
  if (!(Number.isInteger(nodes) && nodes >= 2 && rate > 0 && down >= 0)) throw new Error(usage);
  guardRun();
  const answers = await measure(nodes, rate, down);
  const moved = answers.filter(({ spilledFrom }) => spilledFrom !== undefined).length;
  const failed = answers.filter(({ status }) => status !== 200).length;
  const share = ((100 * moved) / answers.length).toFixed(2);
  process.stdout.write(
    `${nodes} reporters restarted, ${answers.length} calls: ${moved} left their region (${share} %, bound ${100 * movedMax} %), ${failed} failed\n`,
  );
  if (moved > movedMax * answers.length || failed > 0) process.exitCode = 1;
}
