import { describe, expect, test } from '@jest/globals';
import { createManualClock, startRedis } from '@turn-router/testing';
import { Redis } from 'ioredis';
import { createRedisRegistry } from '../redis/redis-registry.ts';
import { bucketName } from './bucket-name.ts';
import { createBoundedBuckets } from './bounded-buckets.ts';
import type { LimitReport } from './limit-ledger.ts';
import { createRedisLimitLedger } from './redis-limit-ledger.ts';

const reportOf = (id: string, wish = 4): LimitReport => ({
  bucket: bucketName(id),
  limit: 60,
  calls: [{ ageSlots: 0, calls: 1 }],
  wish,
});

test('a bucket has room again a minute after its last report', () => {
  const clock = createManualClock();
  const buckets = createBoundedBuckets(clock.now, 2);
  expect(['a', 'b', 'c', 'a'].map((name) => buckets.admit(name))).toEqual([true, true, false, true]);
  clock.advance(60_999);
  expect(['c', 'a'].map((name) => buckets.admit(name))).toEqual([false, true]);
  clock.advance(1);
  expect(['c', 'b', 'a'].map((name) => buckets.admit(name))).toEqual([true, false, true]);
  expect(buckets.size()).toBe(2);
});

describe('callers beyond the maximum in Redis', () => {
  test('have no key there, and get an equal part of their limit from this router', async () => {
    await using server = await startRedis();
    const redis = new Redis(server.url);
    using _ = { [Symbol.dispose]: () => redis.disconnect() };
    const ledger = createRedisLimitLedger({
      run: (commands) => commands(redis),
      countReplicas: () => 3,
      monotonicNowMs: () => 0,
      bucketsMax: 100,
    });
    const known = Array.from({ length: 100 }, (_unused, index) => `known ${index}`);
    await ledger.exchangeLimits(
      'router-1',
      known.map((id) => reportOf(id)),
      [],
    );
    for (let round = 0; round < 5; round += 1) {
      const strangers = Array.from({ length: 500 }, (_unused, index) => reportOf(`stranger ${round} ${index}`, 100));
      const { settlements } = await ledger.exchangeLimits('router-1', [reportOf('known 7'), ...strangers], []);
      expect(settlements).toHaveLength(501);
      // A known caller shares its limit of 60 with all routers. A stranger has a third of it: 20.
      expect(settlements[0]).toEqual({ granted: 4, othersCalls: 0, fullForMs: 0 });
      expect(settlements[500]).toEqual({ granted: 10, othersCalls: 0, fullForMs: 0 });
    }
    const keys = await redis.keys('turn:limit:*');
    const ttls = await Promise.all(keys.map((key) => redis.pttl(key)));
    expect(keys.filter((key) => !key.includes('{busy}'))).toHaveLength(100);
    expect(Math.min(...ttls)).toBeGreaterThan(0);
  });
});

/** Writes keys of strangers' limits, whether Redis accepts them or not. */
async function flood(redis: Redis, count: number, first = 0): Promise<void> {
  for (let start = first; start < first + count; start += 500) {
    const pipeline = redis.pipeline();
    for (let index = start; index < start + 500; index += 1) {
      const key = `turn:limit:{a}:${bucketName(`flood ${index}`)}`;
      pipeline.hset(key, 'router-1', '1 1700000000000 1700000000:1');
      pipeline.pexpire(key, 61_000);
    }
    await pipeline.exec();
  }
}

const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;
const keyOf = (id: number) => ({ region: 'eu-central-1', id: `n${id}` });
const ids = Array.from({ length: 20 }, (_, index) => index);
const open = (url: string) => createRedisRegistry({ url, name: 'test', random: () => 0, commandTimeoutMs: 5_000 });

describe('a Redis that strangers have filled', () => {
  test('refuses limits and reports with noeviction, and is still read', async () => {
    await using server = await startRedis({ args: ['--maxmemory', '4mb', '--maxmemory-policy', 'noeviction'] });
    await using registry = open(server.url);
    const redis = new Redis(server.url);
    using _ = { [Symbol.dispose]: () => redis.disconnect() };
    await Promise.all(ids.map((id) => registry.put(keyOf(id), report, 15_000)));
    await flood(redis, 20_000);
    const full = { code: 'refused', fault: 'out_of_memory', message: 'Redis refused the command: OOM' };
    await expect(registry.exchangeLimits('router-1', [reportOf('a')], [])).rejects.toMatchObject(full);
    await expect(registry.announceReplica('router-1')).rejects.toMatchObject(full);
    await expect(registry.put(keyOf(0), report, 15_000)).rejects.toMatchObject(full);
    expect((await registry.readAll()).records).toHaveLength(ids.length);
  });

  test('keeps reports and counts calls with volatile-lfu, because reports are read more often than limits', async () => {
    await using server = await startRedis({ args: ['--maxmemory', '4mb', '--maxmemory-policy', 'volatile-lfu'] });
    await using registry = open(server.url);
    const redis = new Redis(server.url);
    using _ = { [Symbol.dispose]: () => redis.disconnect() };
    await redis.hset('turn:api-keys', '#', 'marker');
    await Promise.all(ids.map((id) => registry.put(keyOf(id), report, 60_000)));
    // Three routers need 10 s for as many readings.
    for (let reading = 0; reading < 60; reading += 1) await registry.readAll();
    for (let round = 0; round < 10; round += 1) {
      await flood(redis, 5_000, round * 5_000);
      await Promise.all(ids.map((id) => registry.put(keyOf(id), report, 60_000)));
      expect((await registry.readAll()).records).toHaveLength(ids.length);
      await registry.exchangeLimits('router-1', [reportOf('a')], []);
    }
    expect(Number(/evicted_keys:(\d+)/.exec(await redis.info('stats'))?.[1])).toBeGreaterThan(1_000);
    expect(await redis.exists('turn:api-keys')).toBe(1);
  });

  test('loses reports first with volatile-ttl, because they expire sooner than limits', async () => {
    await using server = await startRedis({ args: ['--maxmemory', '4mb', '--maxmemory-policy', 'volatile-ttl'] });
    await using registry = open(server.url);
    const redis = new Redis(server.url);
    using _ = { [Symbol.dispose]: () => redis.disconnect() };
    await Promise.all(ids.map((id) => registry.put(keyOf(id), report, 15_000)));
    await flood(redis, 30_000);
    expect((await registry.readAll()).records.length).toBeLessThan(ids.length / 2);
  });
});
