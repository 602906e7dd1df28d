#!/usr/bin/env node
// checks that nodes which only others see to be broken get no calls within three rounds, and are back when mended, on hosts of their own (11 min)
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { guardRun } from '@turn-router/run-guard';
import { startRoutedFleet, whyNoRoutedNetwork } from '@turn-router/testing';
import { faults, separate } from '../src/outside/faults.mjs';
import { nameOf, watchFleet } from '../src/outside/watch-fleet.mjs';

const names = Object.keys(faults);
const usage = `Usage: npm run prove -- outside [options]

Starts nodes on hosts of their own: network namespaces that are joined by veth pairs and a router between them. Each node has a coturn and a
health-reporter; a Redis and a turn-router are beside them. In each region one node gets a fault. Its own health-reporter sees none of these faults:
${names.join(', ')}.
Calls for each region arrive all the time. Then the router drops all packets between two halves of the nodes. Needs root on Linux, ip and nft.

  --only NAME    a fault, or partition; can be given several times (all)
  --regions N    number of regions (4)
  --nodes N      number of nodes in each region (3)
  --interval S   OUTSIDE_PROBE_INTERVAL_SECONDS (30)
  --until-out    end as soon as the nodes get no calls, without mending them

The exit code is 1 if a node is not refuted within 90 s, if it gets a call after that, if it is not back 90 s after it is mended, if its own
report is not healthy, or if the partition takes a node out of service.
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
const [regionCount, nodesPerRegion, interval] = [values.regions, values.nodes, values.interval].map(Number);

const isShort = values['until-out'];

/** Three rounds of 30 s. */
const boundMs = 90_000;
/** Nodes that are refuted are watched for this time, so that a call would be seen, ms. */
const holdMs = isShort ? 5_000 : 20_000;
/** A node that was refuted counts as one of a group for this time after its last refutation, ms. */
const calmMs = 60_000;
const partitionMs = 150_000;

/** A node of each region is out at once. All regions are at one place, and the CPU does not count, because all nodes run on this machine. */
function policyOf(/** @type {readonly string[]} */ regions) {
  const lines = regions.map((region) => `  ${region}: {location: [50, 8]}\n`);
  // One node may always be out.
  const share = (1 / (nodesPerRegion ?? 1) + 0.01).toFixed(2);
  const trust = values.only.length > 1 ? `trust: {suspiciousShare: ${share}}\n` : '';
  return `defaultRegion: ${regions[0]}\nregions:\n${lines.join('')}load: {cpu: 0}\n${trust}`;
}

/** @typedef {import('@turn-router/testing').RoutedFleet} RoutedFleet */
/** @typedef {ReturnType<typeof watchFleet>} Watch */

/** @param {number} fromMs */
const secondsSince = (fromMs) => Math.round((performance.now() - fromMs) / 1000);

/** @param {readonly (string | number)[]} cells */
function row(cells) {
  const widths = [28, 16, 9, 12, 13, 8];
  process.stdout.write(`${cells.map((cell, index) => `${cell}`.padEnd(widths[index] ?? 0)).join('')}\n`);
}

/**
 * Breaks one node of each region, and mends it. Returns whether everything was right.
 *
 * @param {RoutedFleet} fleet @param {Watch} watch @param {readonly string[]} chosen a fault for each region @param {number} nth the node of each region
 */
async function proveFaults(fleet, watch, chosen, nth) {
  const regions = [...new Set(fleet.nodes.map(({ region }) => region))];
  const victims = chosen.flatMap((fault, index) => {
    const node = fleet.nodes.filter(({ region }) => region === regions[index])[nth];
    return node === undefined ? [] : [{ fault, node, name: nameOf(node) }];
  });
  const brokenMs = performance.now();
  const mends = await Promise.all(victims.map(({ fault, node }) => faults[fault]?.breakNode(fleet, node)));
  /** @type {Map<string, {text: string, seconds: number, atMs: number}>} */
  const out = new Map();
  /** @type {Set<string>} */
  const unhealthy = new Set();
  await watch.until(boundMs, (seen) => {
    for (const { name } of victims) {
      const { state, verdict, text = '' } = seen.get(name) ?? {};
      if (state !== 'healthy') unhealthy.add(name);
      if (verdict === 'refuted' && !out.has(name)) {
        out.set(name, { text, seconds: secondsSince(brokenMs), atMs: performance.now() });
      }
    }
    return out.size === victims.length;
  });
  await pause(holdMs);
  const seenAtEnd = await watch.look();
  const others = [...seenAtEnd].filter(([name, { verdict }]) => verdict === 'refuted' && !out.has(name));
  const calls = victims.map(({ node, name }) => watch.calls(node, out.get(name)?.atMs ?? Infinity));
  const before = victims.map(({ node }) => watch.calls(node, 0, brokenMs).got);

  const mendedMs = performance.now();
  /** @type {Map<string, number>} */
  const back = new Map();
  if (!isShort) {
    await Promise.all(mends.map((mend) => mend?.()));
    await watch.until(boundMs, () => {
      for (const { node, name } of victims) {
        if (!back.has(name) && watch.calls(node, mendedMs).got > 0) back.set(name, secondsSince(mendedMs));
      }
      return back.size === victims.length;
    });
  }
  let isRight = others.length === 0;
  for (const [index, { fault, name }] of victims.entries()) {
    const refuted = out.get(name);
    const { asked, got } = calls[index] ?? { asked: 0, got: 0 };
    const health = unhealthy.has(name) ? 'not healthy' : 'healthy';
    const text = refuted?.text ?? `${seenAtEnd.get(name)?.text}, not refuted`;
    row([fault, name, refuted?.seconds ?? 'never', `${got} of ${asked}`, back.get(name) ?? '-', health, ` ${text}`]);
    const isBack = isShort || back.has(name);
    const isOut = got === 0 && asked > 0 && faults[fault]?.text.test(refuted?.text ?? '');
    isRight &&= isOut && isBack && (before[index] ?? 0) > 0 && health === 'healthy';
  }
  for (const [name, { text }] of others) row(['no fault', name, text]);
  return isRight;
}

/** Separates two halves of the nodes. Returns whether all of them stayed in service. @param {RoutedFleet} fleet @param {Watch} watch */
async function provePartition(fleet, watch) {
  const startMs = performance.now();
  const half = fleet.nodes.slice(0, fleet.nodes.length / 2);
  const join = await separate(fleet, half);
  /** @type {Set<string>} */
  const refuted = new Set();
  /** @type {Set<string>} */
  const suspected = new Set();
  /** @param {ReadonlyMap<string, import('../src/outside/watch-fleet.mjs').Seen>} seen */
  const note = (seen) => {
    for (const [name, { verdict, text }] of seen) {
      if (verdict === 'refuted') refuted.add(name);
      else if (text !== 'reached' && text !== '') suspected.add(name);
    }
    return false;
  };
  await watch.until(partitionMs, note);
  const texts = [...new Set([...(await watch.look()).values()].map(({ text }) => text.replace(/ \(.*/, '')))];
  await join();
  await watch.until(boundMs, note);
  const missing = fleet.nodes.filter((node) => {
    const { asked, got } = watch.calls(node, startMs);
    return asked === 0 || got < asked;
  });
  process.stdout.write(
    `partition of ${partitionMs / 1000} s: ${suspected.size} of ${fleet.nodes.length} nodes suspected (${texts.join(', ')}), ${refuted.size} refuted, ${missing.length} missing in an answer\n`,
  );
  return suspected.size > 0 && refuted.size === 0 && missing.length === 0;
}

async function prove() {
  const regions = Array.from({ length: regionCount ?? 0 }, (_, index) => `region-${index + 1}`);
  const fleet = await startRoutedFleet({
    regions,
    nodesPerRegion: nodesPerRegion ?? 0,
    policy: policyOf(regions),
    probeIntervalSeconds: interval ?? 0,
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
  row(['fault', 'node', 'out, s', 'calls then', 'back, s', 'its own report']);
  const chosen = values.only.filter((name) => name in faults);
  const results = [];
  for (let first = 0; first < chosen.length; first += atOnce) {
    if (first > 0) await pause(calmMs);
    const nth = (first / atOnce) % (nodesPerRegion ?? 1);
    results.push(await proveFaults(fleet, watch, chosen.slice(first, first + atOnce), nth));
  }
  if (values.only.includes('partition')) {
    if (chosen.length > 0) await pause(calmMs);
    results.push(await provePartition(fleet, watch));
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
  const isValid = [regionCount, nodesPerRegion, interval].every((value) => Number.isInteger(value) && value > 0);
  if (!isValid || values.only.some((name) => !(name in faults) && name !== 'partition')) throw new Error(usage);
  if (!(await prove())) process.exitCode = 1;
}
