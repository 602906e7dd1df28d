import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { boundMs, seededRandom, startFaultyProxy, startRedis } from '@turn-router/testing';
import { read, timeUntil } from './calls.fixture.ts';
import { createRedisRegistry } from './redis-registry.ts';

// reconnect-delay.test.ts tests how the reconnects spread over time, with a manual clock.
test('each of 64 clients reconnects once to a restarted Redis and reads it soon', async () => {
  await using server = await startRedis();
  await using proxy = await startFaultyProxy({ target: { port: server.port }, random: () => 0 });
  const random = seededRandom(1);
  const registries = Array.from({ length: 64 }, () =>
    createRedisRegistry({
      url: `redis://127.0.0.1:${proxy.port}`,
      name: 'test',
      random,
    }),
  );
  try {
    await Promise.all(registries.map((registry) => registry.readAll()));
    await proxy.setFault({ kind: 'refusal' });
    await delay(1600);
    const known = proxy.connectedAtMs().length;
    await proxy.setFault({ kind: 'none' });
    const times = await Promise.all(registries.map((registry) => timeUntil(undefined, read(registry))));
    expect(Math.max(...times)).toBeLessThan(boundMs(4_000));
    expect(proxy.connectedAtMs().slice(known)).toHaveLength(64);
  } finally {
    await Promise.all(registries.map((registry) => registry[Symbol.asyncDispose]()));
  }
});
