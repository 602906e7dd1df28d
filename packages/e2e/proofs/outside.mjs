#!/usr/bin/env node
// checks that nodes which only others see to be broken get no calls within three rounds, and are back when mended, on hosts of their own (14 min)
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { guardRun } from '@turn-router/run-guard';
import { startRoutedFleet, whyNoRoutedNetwork } from '@turn-router/testing';
import { faults } from '../src/outside/faults.mjs';
import { boundMs, printHead, proveFaults, secondsSince } from '../src/outside/prove-faults.mjs';
import { provePartition } from '../src/outside/prove-partition.mjs';
import { watchFleet } from '../src/outside/watch-fleet.mjs';

const names = Object.keys(faults);
const usage = `Usage: npm run prove -- outside [options]

Starts nodes on hosts of their own: network namespaces that are joined by veth pairs and a router between them. Each node has a coturn and a
health-reporter; a Redis and a turn-router are beside them. In each region one node gets a fault. Its own health-reporter sees none of these faults:
${names.join(', ')}.
Calls for each region arrive all the time. Then the router drops all packets between two halves of the nodes, and then
between one region and the others. Needs root on Linux, ip and nft.

  --only NAME    a fault, or partition; can be given several times (all)
  --regions N    number of regions (4)
  --nodes N      number of nodes in each region (3)
  --interval S   OUTSIDE_PROBE_INTERVAL_SECONDS (30)
  --until-out    end as soon as the nodes get no calls, without mending them

The exit code is 1 if a node is not refuted within 90 s, if it gets a call after that, if it is not back 90 s after it is mended, if its own
report is not healthy, or if a partition takes a node out of service.
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [...names, 'partition'] },
    regions: { type: 'string', default: '4' },
    nodes: { type: 'string', default: '3' },
    interval: { type: 'string', default: '30' },
    'until-out': { type: 'boolean', default: false },
    'in-own-network': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [regionCount, nodesPerRegion] = [Number(values.regions), Number(values.nodes)];
const probeIntervalSeconds = Number(values.interval);

const isShort = values['until-out'];

/** Nodes that are refuted are watched for this time, so that a call would be seen, ms. */
const holdMs = isShort ? 5_000 : 20_000;
/** A node that was refuted counts as one of a group for this time after its last refutation, ms. */
const calmMs = 60_000;

/** A node of each region is out at once. All regions are at one place, and the CPU does not count, because all nodes run on this machine. */
function policyOf(/** @type {readonly string[]} */ regions) {
  const lines = regions.map((region) => `  ${region}: {location: [50, 8]}\n`);
  // One node may always be out.
  const share = (1 / nodesPerRegion + 0.01).toFixed(2);
  const trust = values.only.length > 1 ? `trust: {suspiciousShare: ${share}}\n` : '';
  return `defaultRegion: ${regions[0]}\nregions:\n${lines.join('')}load: {cpu: 0}\n${trust}`;
}

/** @typedef {import('@turn-router/testing').RoutedFleet} RoutedFleet */
/** @typedef {ReturnType<typeof watchFleet>} Watch */

async function prove() {
  const regions = Array.from({ length: regionCount }, (_, index) => `region-${index + 1}`);
  const fleet = await startRoutedFleet({
    regions,
    nodesPerRegion,
    policy: policyOf(regions),
    probeIntervalSeconds,
  });
  const watch = watchFleet(fleet);
  try {
    return await proveAll(fleet, watch, regions.length);
  } finally {
    await watch[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
  }
}

/** @param {RoutedFleet} fleet @param {Watch} watch @param {number} atOnce */
async function proveAll(fleet, watch, atOnce) {
  const isInUse = () => fleet.nodes.every((node) => watch.calls(node, 0).got > 0);
  const isProven = (/** @type {ReadonlyMap<string, {verdict: string}>} */ seen) =>
    [...seen.values()].every(({ verdict }) => isShort || verdict === 'proven');
  const startMs = performance.now();
  process.stdout.write(`${fleet.nodes.length} nodes run\n`);
  if (!(await watch.until(2 * boundMs, (seen) => isInUse() && isProven(seen)))) {
    process.stdout.write(`not all nodes are in use: ${JSON.stringify([...(await watch.look())])}\n`);
    return false;
  }
  process.stdout.write(`all of them are in use${isShort ? '' : ' and proven'} after ${secondsSince(startMs)} s\n`);
  printHead();
  const chosen = values.only.filter((name) => name in faults);
  const results = [];
  for (let first = 0; first < chosen.length; first += atOnce) {
    if (first > 0) await pause(calmMs);
    const nth = (first / atOnce) % nodesPerRegion;
    results.push(
      await proveFaults(fleet, watch, chosen.slice(first, first + atOnce), { nth, holdMs, isMended: !isShort }),
    );
  }
  if (values.only.includes('partition')) {
    if (chosen.length > 0) await pause(calmMs);
    const half = fleet.nodes.slice(0, fleet.nodes.length / 2);
    results.push(
      await provePartition(fleet, watch, 'two halves separated', half),
      await provePartition(fleet, watch, 'one region separated', fleet.nodes.slice(0, nodesPerRegion)),
    );
  }
  return results.every(Boolean);
}

/** Runs this program again in a network of its own, so that nothing of the machine's network changes. @returns {Promise<number>} its exit code */
function runInOwnNetwork() {
  guardRun();
  const words = [
    '--net',
    process.execPath,
    fileURLToPath(import.meta.url),
    ...process.argv.slice(2),
    '--in-own-network',
  ];
  const child = spawn('unshare', words, { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

const missing = whyNoRoutedNetwork();
if (values.help) process.stdout.write(usage);
else if (missing !== undefined) throw new Error(`This proof ${missing}.`);
else if (!values['in-own-network']) process.exitCode = await runInOwnNetwork();
else {
  const isValid = [regionCount, nodesPerRegion, probeIntervalSeconds].every(
    (value) => Number.isInteger(value) && value > 0,
  );
  if (!isValid || values.only.some((name) => !(name in faults) && name !== 'partition')) throw new Error(usage);
  if (!(await prove())) process.exitCode = 1;
}
