import { describe, expect, test } from '@jest/globals';
import { startRedis, startRedisCluster } from '@turn-router/testing';
import { timeUntil } from '../redis/calls.fixture.ts';
import { createRedisRegistry } from '../redis/redis-registry.ts';
import { describeLimitLedger } from './limit-ledger.contract.ts';

describeLimitLedger('Redis', async () => {
  const server = await startRedis();
  const registry = createRedisRegistry({ url: server.url, name: 'test', random: () => 0 });
  return {
    ledger: registry,
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await server.stop();
    },
  };
});

const reports = Array.from({ length: 40 }, (_, index) => ({
  bucket: `${(index % 16).toString(16)}-${index}`,
  limit: 100,
  calls: [{ ageSlots: 1, calls: index + 1 }],
  wish: 1,
}));

describe('exchangeLimits in Redis', () => {
  test('uses only keys that expire', async () => {
    await using server = await startRedis();
    await using registry = createRedisRegistry({ url: server.url, name: 'test', random: () => 0 });
    await registry.exchangeLimits('a', reports, ['0-0']);
    const keys = (await server.cli('KEYS', '*')).trim().split('\n');
    expect(keys).toHaveLength(42);
    for (const key of keys) {
      expect(key).toMatch(/^turn:limit:/);
      const ttlMs = Number(await server.cli('PTTL', key));
      expect(ttlMs).toBeGreaterThan(50_000);
      expect(ttlMs).toBeLessThanOrEqual(key.endsWith(':epoch') ? 600_000 : 61_000);
    }
  });

  test('removes a bucket whose reports no longer count', async () => {
    await using server = await startRedis();
    await using registry = createRedisRegistry({ url: server.url, name: 'test', random: () => 0 });
    await registry.exchangeLimits('a', reports, []);
    await registry.exchangeLimits(
      'a',
      reports.map((each) => ({ ...each, calls: [], wish: 0 })),
      [],
    );
    expect((await server.cli('KEYS', '*')).trim()).toBe('turn:limit:{busy}:epoch');
  });

  test.each([
    ['an invalid bucket entry', ['HSET', 'turn:limit:{0}:0-0', 'x', 'nonsense', 'y', '', 'z', '9 9 9']],
    ['a lease that never ends', ['HSET', 'turn:limit:{0}:0-0', 'x', '100 99999999999999 ']],
    ['calls in the future', ['HSET', 'turn:limit:{0}:0-0', 'x', '0 0 99999999999:100']],
  ])('is not blocked by %s', async (_why, command) => {
    await using server = await startRedis();
    await using registry = createRedisRegistry({ url: server.url, name: 'test', random: () => 0 });
    await server.cli(...command);
    const [first] = reports;
    if (first === undefined) throw new Error('there are reports');
    expect((await registry.exchangeLimits('a', [first], [])).settlements).toEqual([
      { granted: 1, othersCalls: 0, fullForMs: 0 },
    ]);
  });

  test('changes the epoch after Redis was emptied', async () => {
    await using server = await startRedis();
    await using registry = createRedisRegistry({ url: server.url, name: 'test', random: () => 0 });
    const first = await registry.exchangeLimits('a', [], []);
    expect((await registry.exchangeLimits('b', [], [])).epoch).toBe(first.epoch);
    await server.cli('FLUSHALL');
    expect((await registry.exchangeLimits('b', [], [])).epoch).not.toBe(first.epoch);
  });

  test('works on a cluster', async () => {
    await using cluster = await startRedisCluster();
    await using registry = createRedisRegistry({ url: cluster.url, name: 'test', random: () => 0 });
    await timeUntil(undefined, () => registry.exchangeLimits('a', reports, ['0-0']));
    const { settlements, busy } = await registry.exchangeLimits('b', reports, []);
    expect(settlements.map(({ othersCalls }) => othersCalls)).toEqual(reports.map((_, index) => index + 1));
    expect(busy).toEqual(['0-0']);
  });
});
