import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { startFaultyProxy, startRedis } from '@turn-router/testing';
import { read, timeUntil } from './calls.fixture.ts';
import { mostWithin } from './most-within.fixture.ts';
import { createRedisRegistry } from './redis-registry.ts';
import { seededRandom } from './seeded-random.fixture.ts';

/** Of its 64 clients, within 100 ms. A fifth where time runs evenly (reconnect-delay.test.ts); a busy machine stands still now and then. */
const mostAtOnce = 32;

test('a Redis that comes back is not stormed by its 64 clients, and soon read by all of them', async () => {
  await using server = await startRedis();
  await using proxy = await startFaultyProxy({ target: { port: server.port }, random: () => 0 });
  const registries = Array.from({ length: 64 }, (_, client) =>
    createRedisRegistry({
      url: `redis://127.0.0.1:${proxy.port}`,
      name: 'test',
      random: seededRandom(`storm ${client}`),
    }),
  );
  try {
    await Promise.all(registries.map((registry) => registry.readAll()));
    await proxy.suffer({ kind: 'refusal' });
    await delay(1600);
    const known = proxy.connectedAtMs().length;
    await proxy.suffer({ kind: 'none' });
    const times = await Promise.all(registries.map((registry) => timeUntil(undefined, read(registry))));
    expect(Math.max(...times)).toBeLessThan(4_000);
    const connectedAtMs = proxy.connectedAtMs().slice(known);
    expect(connectedAtMs).toHaveLength(64);
    expect(mostWithin(connectedAtMs, 100)).toBeLessThanOrEqual(mostAtOnce);
  } finally {
    await Promise.all(registries.map((registry) => registry[Symbol.asyncDispose]()));
  }
});
