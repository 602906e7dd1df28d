#!/usr/bin/env node
// checks that no turn of the event loop takes 20 ms of processor time while a router judges 10 000 nodes (1 min)
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { policySchema } from '@turn-router/contract/policy';
import { createAssignment } from '@turn-router/outside-proof';
import { createLogger } from '../dist/observe/logger.js';
import { createMetrics } from '../dist/observe/metrics.js';
import { followProofs } from '../dist/fleet/proofs/follow-proofs.js';
import { createOutsideProofs } from '../dist/fleet/proofs/outside-proofs.js';

const usage = `Usage: node apps/router/proofs/judging.mjs [--nodes N] [--rounds N] [--refuted PERCENT]

Judges a fleet in memory again and again. All nodes are probers. In each round every sixth proof is new, as if the router read it every 5 s.

  --nodes N           number of nodes, all of them probers; default 10000
  --rounds N          number of rounds; default 20
  --refuted PERCENT   share of the proofs that refute their node; default 1

Prints the processor time of a round, and of its turns of the event loop. Callers wait for the rest of a turn. The processor time includes that of the
threads which compile and collect garbage. The exit code is 1 if one turn of a hundred takes more than 20 ms.
`;

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '20' },
    refuted: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const turnMaxMs = 20;

/** Processor time of this process so far, ms. */
function cpuNowMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const regions = Array.from({ length: 10 }, (_, index) => `region-${index}`);
const policy = policySchema.parse({
  defaultRegion: 'region-0',
  regions: Object.fromEntries(regions.map((region, index) => [region, { location: [index * 5, index * 10] }])),
});

/** @type {Omit<import('@turn-router/contract/registry').NodeReport, 'public_ip'>} */
const report = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, port: 3478, probes_others: true };

/** @param {number} count */
function fleetOf(count) {
  return Array.from({ length: count }, (_, index) => ({
    key: { region: regions[index % regions.length] ?? '', id: `node-${index}` },
    report: { ...report, public_ip: '192.0.2.1' },
  }));
}

/** @typedef {import('@turn-router/contract/registry').StoredProof} StoredProof @typedef {StoredProof['proof']['paths']} Paths */

/** @type {Paths} */
const failing = [
  { transport: 'udp', family: 'ipv4', port: 3478, ok: false, reason: 'timeout' },
  { transport: 'tls', family: 'ipv4', port: 5349, ok: false, reason: 'timeout' },
];

/** @param {number} roundTripMs @returns {Paths} */
const workingAfter = (roundTripMs) => [
  { transport: 'udp', family: 'ipv4', port: 3478, ok: true, roundTripMs },
  { transport: 'tls', family: 'ipv4', port: 5349, ok: true, roundTripMs },
];

/** Three assigned probers and one more for each node. @param {ReturnType<typeof fleetOf>} nodes @param {number} refutedShare @returns {StoredProof[]} */
function proofsOf(nodes, refutedShare) {
  const assignment = createAssignment(nodes.map(({ key }) => key));
  return nodes.flatMap(({ key: target }, index) =>
    assignment
      .confirming(target)
      .slice(0, 4)
      .map((prober, place) => {
        const isRefuting = ((index * 4 + place) * 7919) % 10_000 < refutedShare * 10_000;
        return { target, prober, proof: { paths: isRefuting ? failing : workingAfter(20 + (index % 50)), at: 1 } };
      }),
  );
}

/** Runs the work, and returns the processor time of each turn of the event loop, ms. @param {() => Promise<void>} work */
async function turnsOf(work) {
  const state = { isRunning: true };
  const turns = [];
  async function run() {
    await work();
    state.isRunning = false;
  }
  const running = run();
  while (state.isRunning) {
    const startedMs = cpuNowMs();
    await nextTurn();
    turns.push(cpuNowMs() - startedMs);
  }
  await running;
  return turns;
}

/** @param {number} nodeCount @param {number} rounds @param {number} refutedShare */
async function measure(nodeCount, rounds, refutedShare) {
  const nodes = fleetOf(nodeCount);
  let proofs = proofsOf(nodes, refutedShare);
  const store = { readAllProofs: () => Promise.resolve({ proofs, invalid: 0, leftOut: 0 }) };
  const followed = followProofs([{ name: 'memory', store }], {
    outside: createOutsideProofs(),
    nodes: () => nodes,
    policy: () => policy,
    onChange: () => undefined,
    metrics: createMetrics(),
    logger: createLogger('error', process.stdout),
    monotonicNowMs: () => performance.now(),
    random: Math.random,
    everyMs: 3_600_000,
  });
  await followed.refresh();
  let cpuMs = 0;
  const turns = [];
  for (let round = 0; round < rounds; round += 1) {
    proofs = proofs.map((each, index) =>
      index % 6 === round % 6 ? { ...each, proof: { ...each.proof, at: round + 2 } } : each,
    );
    await pause(200);
    const beforeMs = cpuNowMs();
    turns.push(...(await turnsOf(followed.refresh)));
    cpuMs += cpuNowMs() - beforeMs;
  }
  await followed[Symbol.asyncDispose]();
  const sorted = turns.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { cpuMs: cpuMs / rounds, count: turns.length / rounds, median: at(0.5), p99: at(0.99), longest: at(1) };
}

if (values.help) process.stdout.write(usage);
else {
  const { cpuMs, count, median, p99, longest } = await measure(
    Number(values.nodes),
    Number(values.rounds),
    Number(values.refuted) / 100,
  );
  process.stdout.write(
    `${values.nodes} nodes, 4 proofs each: a round takes ${cpuMs.toFixed(0)} ms of processor time in ${count.toFixed(0)} turns; a turn takes ${median.toFixed(1)} ms (median), ${p99.toFixed(1)} ms (99 %), ${longest.toFixed(1)} ms (longest)\n`,
  );
  if (p99 > turnMaxMs) process.exitCode = 1;
}
