#!/usr/bin/env node
// checks that a node which three probers refute gets no calls within three rounds, and is back afterwards, in real time (4 min)
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fleetAnswerSchema } from '@turn-router/contract/admin';
import { guardRun } from '@turn-router/run-guard';
import { startParts, startRedis, startRouter, temporaryDirectory } from '@turn-router/testing';

const usage = `Usage: node packages/e2e/proofs/refuted-node.mjs [--workers N]

Starts a Redis and a router. This program writes the records of four nodes, and the proofs of three of them about the fourth, as probers would: every
30 s, each at its own time. First one prober lies, then all three refute the node, then all reach it. Calls arrive all the time.

  --workers N   WORKERS of the router; default 1

The exit code is 1 if the lie takes the node out, if the node still gets calls after three rounds, or if it gets none two rounds after it is reached.
`;

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const roundMs = 30_000;
const adminToken = 'operator-token-of-the-proof-of-refuted-nodes';
const target = 'eu:a';
const addressOfTarget = '192.0.2.1';
const nodes = [target, 'eu:b', 'us:x', 'us:y'];
const probers = nodes.slice(1);
const policy = 'defaultRegion: eu\nregions:\n  eu: {location: [50, 8]}\n  us: {location: [38, -77]}\nload: {cpu: 0}\n';

/** @param {number} index */
const recordOf = (index) =>
  JSON.stringify({
    cpu: 1,
    bandwidth_mbps: 1,
    status: 'healthy',
    port: 3478,
    probes_others: true,
    public_ip: `192.0.2.${index + 1}`,
    zone: `${index}`,
  });

function startStage() {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('refuted-node'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const redis = add(await startRedis());
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: 'first=north-secret-of-2026',
        reporterToken: 'reporter-token-of-2026',
        redisUrl: redis.url,
        environment: { ADMIN_TOKEN: adminToken, WORKERS: values.workers },
      }),
    );
    return { redis, router };
  });
}

/** Writes records and proofs until stopped. @param {import('@turn-router/testing').RedisServer} redis */
function startProbers(redis) {
  /** @type {readonly string[]} */
  let refuting = [];
  let at = 0;
  const stopped = new AbortController();
  /** @param {string} prober @param {number} index */
  async function run(prober, index) {
    await pause((index * roundMs) / probers.length);
    while (!stopped.signal.aborted) {
      at += 1;
      const ok = !refuting.includes(prober);
      const path = {
        transport: 'udp',
        family: 'ipv4',
        port: 3478,
        ok,
        ...(ok ? { roundTripMs: 20 } : { reason: 'timeout' }),
      };
      const proof = JSON.stringify({ paths: [path], at });
      await redis.cli('SET', `turn:proof:${target}:${prober}`, proof, 'PX', '90000');
      await Promise.all(nodes.map((node, of) => redis.cli('SET', `turn:node:${node}`, recordOf(of), 'PX', '250000')));
      await pause(roundMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }
  const running = Promise.all(probers.map(run));
  return {
    /** @param {readonly string[]} names */
    refuteBy: (names) => {
      refuting = names;
    },
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

/** Returns whether one of 20 calls gets the node. @param {string} url */
async function getsCalls(url) {
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const answer = await fetch(`${url}/v1/ice-servers`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ requireRegion: 'eu', maxNodes: 2 }),
      });
      return answer.text();
    }),
  );
  return answers.some((text) => text.includes(addressOfTarget));
}

/** The time until the node gets calls, or gets none, s; undefined: not within this time. @param {string} url @param {boolean} wanted @param {number} limitMs */
async function timeUntil(url, wanted, limitMs) {
  const startedMs = performance.now();
  for (;;) {
    const tookMs = performance.now() - startedMs;
    if ((await getsCalls(url)) === wanted) return Math.round(tookMs / 1000);
    if (tookMs > limitMs) return undefined;
    await pause(1_000);
  }
}

/** @param {string} adminUrl */
async function reasonOf(adminUrl) {
  const answer = await fetch(`${adminUrl}/admin/v1/fleet`, { headers: { authorization: `Bearer ${adminToken}` } });
  return fleetAnswerSchema.parse(await answer.json()).nodes[0]?.reason ?? '';
}

async function measure() {
  const stage = await startStage();
  const { redis, router } = stage;
  const prober = startProbers(redis);
  try {
    const known = await timeUntil(router.url, true, roundMs);
    prober.refuteBy(['us:x']);
    const byLiar = await timeUntil(router.url, false, 3 * roundMs);
    prober.refuteBy(probers);
    const out = await timeUntil(router.url, false, 3 * roundMs);
    const reason = await reasonOf(router.adminUrl);
    prober.refuteBy([]);
    const back = await timeUntil(router.url, true, 2.5 * roundMs);
    return { known, byLiar, out, reason, back };
  } finally {
    await prober.stop();
    await stage[Symbol.asyncDispose]();
  }
}

if (values.help) process.stdout.write(usage);
else {
  guardRun();
  const { known, byLiar, out, reason, back } = await measure();
  process.stdout.write(
    `${JSON.stringify({ known, byLiar: byLiar ?? 'still in use', out, reason, back: back ?? 'not back' })} (seconds)\n`,
  );
  const isRight = known !== undefined && byLiar === undefined && out !== undefined && back !== undefined;
  if (!isRight || !/^unreachable_from_outside \([23] of 3: udp 3478 timeout\)$/.test(reason)) process.exitCode = 1;
}
