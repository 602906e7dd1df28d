import { expect, test } from '@jest/globals';
import {
  byForm,
  boundMs,
  eventually,
  startFaultyProxy,
  startProcess,
  startRedis,
  type FaultyProxy,
  type RunningProcess,
  seededRandom,
} from '@turn-router/testing';
import { setTimeout as delay } from 'node:timers/promises';

const processes = 4;
const replicasEach = 16;
const replicas = processes * replicasEach;

const registryModule = new URL('../../../registry/dist/index.js', import.meta.url).href;

/** Readers of the registry, each as one router has it. */
const program = `
const { createRedisRegistry } = await import(${JSON.stringify(registryModule)});
const url = process.env.REDIS_URL;
const registries = Array.from({ length: ${replicasEach} }, (_, index) =>
  createRedisRegistry({ url, name: 'replica-' + index, random: Math.random }));
let isSaid = false;
setInterval(async () => {
  const readings = await Promise.allSettled(registries.map((registry) => registry.readAll()));
  if (isSaid || readings.some(({ status }) => status === 'rejected')) return;
  isSaid = true;
  console.log('all have read');
}, 400);
`;

const connectionsSince = (proxy: FaultyProxy, sinceMs: number) =>
  proxy.connectedAtMs().filter((atMs) => atMs >= sinceMs);

/** The most connections that were taken within any 100 ms since `fromMs`. */
function mostIn100Ms(proxy: FaultyProxy, fromMs: number): number {
  const times = connectionsSince(proxy, fromMs);
  return Math.max(...times.map((firstMs) => times.filter((atMs) => atMs >= firstMs && atMs < firstMs + 100).length));
}

/** The requirement; a machine that stalls lets connections pile up by itself. The registry's reconnect-delay.test.ts has time of its own. */
const allowed = byForm({ short: 1, full: 0.2 }) * replicas;

test(`${replicas} replicas lose Redis together and come back one by one: at most a fifth in any 100 ms`, async () => {
  await using redis = await startRedis();
  await using proxy = await startFaultyProxy({ target: { port: redis.port }, random: seededRandom(1) });
  const started: RunningProcess[] = [];
  try {
    for (let index = 0; index < processes; index += 1) {
      started.push(
        await startProcess({
          name: 'replicas',
          command: process.execPath,
          args: ['--input-type=module', '--eval', program],
          env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` },
          isReady: (output) => output.includes('all have read'),
        }),
      );
    }
    const untilWholeSince = (sinceMs: number) =>
      eventually(
        'all to be connected',
        () => proxy.openConnections() === replicas && connectionsSince(proxy, sinceMs).length >= replicas,
        { timeoutMs: boundMs(5_000) },
      );
    await untilWholeSince(0);

    const resetAtMs = performance.now();
    proxy.resetConnections();
    await untilWholeSince(resetAtMs);
    const afterReset = mostIn100Ms(proxy, resetAtMs);

    await proxy.setFault({ kind: 'refusal' });
    await delay(3_000);
    const backAtMs = performance.now();
    await proxy.setFault({ kind: 'none' });
    await untilWholeSince(backAtMs);
    const afterOutage = mostIn100Ms(proxy, backAtMs);
    process.stdout.write(
      `most of ${replicas} in 100 ms: ${afterReset} after a reset, ${afterOutage} after an outage\n`,
    );
    expect(afterReset).toBeLessThanOrEqual(allowed);
    expect(afterOutage).toBeLessThanOrEqual(allowed);
  } finally {
    for (const each of started) await each.stop();
  }
});
