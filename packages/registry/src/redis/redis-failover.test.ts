import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  boundMs,
  eventually,
  seededRandom,
  startRedisCluster,
  startRedisSentinels,
  type RedisCluster,
  type RedisSentinels,
  type RedisServer,
} from '@turn-router/testing';
import { Redis } from 'ioredis';
import { startReadingLog, type ReadingLog } from './reading-log.fixture.ts';
import { createRedisRegistry } from './redis-registry.ts';

const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;
const frankfurt = { region: 'eu-central-1', id: 'node-01' };
const longMs = 600_000;

const open = (url: string) => createRedisRegistry({ url, name: 'test', random: seededRandom(1) });

async function runIdOf({ cli }: RedisServer): Promise<string | undefined> {
  return /run_id:(\w+)/.exec(await cli('INFO', 'server'))?.[1];
}

/** Returns the time until a reading comes from this server, ms. All later readings come from it as well. */
async function timeUntilReadFrom(server: RedisServer, log: ReadingLog): Promise<number> {
  const startMs = performance.now();
  const runId = await runIdOf(server);
  await eventually('a reading from the new primary', () => log.readings.at(-1)?.reading.serverId === runId, {
    everyMs: 10,
  });
  const endMs = performance.now();
  await eventually('ten more', () => log.readings.filter(({ startedAtMs }) => startedAtMs > endMs).length > 10);
  const later = log.readings.filter(({ startedAtMs }) => startedAtMs > endMs);
  expect(new Set(later.map(({ reading }) => reading.serverId))).toEqual(new Set([runId]));
  return endMs - startMs;
}

/** Returns the slots of a primary that hold nodes. */
async function slotsWithNodes({ url, cli }: RedisServer): Promise<number[]> {
  const admin = new Redis(url);
  const names = (await cli('KEYS', '*')).trim().split('\n');
  const slots = await Promise.all(names.map((name) => admin.cluster('KEYSLOT', name)));
  admin.disconnect();
  return [...new Set(slots)];
}

const sizesIn = (log: ReadingLog) => new Set(log.readings.map(({ reading }) => reading.records.length));

describe('behind sentinels', () => {
  let sentinels: RedisSentinels;
  beforeAll(async () => {
    sentinels = await startRedisSentinels();
  });
  afterAll(async () => sentinels[Symbol.asyncDispose]());

  test('reads a replica while it follows the primary, else the primary', async () => {
    const primary = await sentinels.primary();
    const replica = sentinels.servers.find((server) => server !== primary);
    if (replica === undefined) throw new Error('expected two servers');
    await using registry = open(`${sentinels.url}?read=replica`);
    await using log = startReadingLog(registry);
    await timeUntilReadFrom(replica, log);
    replica.signal('SIGSTOP');
    try {
      expect(await timeUntilReadFrom(primary, log)).toBeLessThan(boundMs(2000));
    } finally {
      replica.signal('SIGCONT');
    }
    expect(await timeUntilReadFrom(replica, log)).toBeLessThan(boundMs(2000));
    expect(log.failures).toEqual([]);
  });

  test('writes and reads each new primary within 2 s, and no longer the demoted one', async () => {
    await using registry = open(sentinels.url);
    await registry.put(frankfurt, report, longMs);
    await using log = startReadingLog(registry);
    for (let failover = 0; failover < 2; failover += 1) {
      const primary = await sentinels.failOver();
      expect(await timeUntilReadFrom(primary, log)).toBeLessThan(boundMs(2000));
      await registry.put(frankfurt, report, longMs);
      expect(await primary.cli('EXISTS', 'turn:node:eu-central-1:node-01')).toBe('1\n');
    }
  });

  test('does not read a former primary that returns after a failover', async () => {
    await using registry = open(sentinels.url);
    await registry.put(frankfurt, report, longMs);
    await using log = startReadingLog(registry);
    const old = await sentinels.primary();
    old.signal('SIGSTOP');
    const chosen = await eventually('another primary', async () => {
      const primary = await sentinels.primary();
      return primary !== old && primary;
    });
    expect(await timeUntilReadFrom(chosen, log)).toBeLessThan(boundMs(2000));
    old.signal('SIGCONT');
    expect(await timeUntilReadFrom(chosen, log)).toBeLessThan(boundMs(2000));
  });
});

describe('in a cluster', () => {
  const nodes = Array.from({ length: 200 }, (_, index) => ({ region: 'eu-central-1', id: `n${index}` }));

  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster({ replicas: true });
  });
  afterAll(async () => cluster[Symbol.asyncDispose]());

  test('fails no reading and misses no node while slots move', async () => {
    const [from, to] = cluster.primaries;
    if (from === undefined || to === undefined) throw new Error('expected two primaries');
    await using registry = open(cluster.url);
    await Promise.all(nodes.map((key) => registry.put(key, report, longMs)));
    await registry.readAll();
    await using log = startReadingLog(registry);
    const untilRead = async () => {
      const known = log.readings.length + log.failures.length;
      await eventually('two readings', () => log.readings.length + log.failures.length > known + 1, { everyMs: 2 });
    };
    for (const slot of (await slotsWithNodes(from)).slice(0, 6)) await cluster.moveSlot(slot, from, to, untilRead);
    await Promise.all(nodes.map((key) => registry.put(key, { ...report, seq: 1 }, longMs)));
    await untilRead();
    expect(log.failures).toEqual([]);
    expect(sizesIn(log)).toEqual(new Set([nodes.length]));
    expect(log.readings.at(-1)?.reading.records.every(({ report: { seq } }) => seq === 1)).toBe(true);
  });

  test.each([
    [0, ''],
    [1, '?read=replica'],
  ])('misses no node when a replica replaces a dead primary: %i %s', async (shard, query) => {
    const dying = cluster.primaries[shard];
    const heir = cluster.replicas[shard];
    if (dying === undefined || heir === undefined) throw new Error('expected a primary and its replica');
    await using registry = open(`${cluster.url}${query}`);
    await Promise.all(nodes.map((key) => registry.put(key, report, longMs)));
    await eventually('all nodes', async () => (await registry.readAll()).records.length === nodes.length);
    await using log = startReadingLog(registry);
    dying.signal('SIGKILL');
    await eventually('the heir', async () => (await heir.cli('INFO', 'replication')).includes('role:master'));
    await eventually('the heir', async () => (await heir.cli('CLUSTER', 'INFO')).includes('cluster_state:ok'));
    const tookOverAtMs = performance.now();
    const next = await eventually('a reading', () =>
      log.readings.find(({ startedAtMs }) => startedAtMs > tookOverAtMs),
    );
    expect(next.startedAtMs - tookOverAtMs).toBeLessThan(boundMs(2000));
    expect(sizesIn(log)).toEqual(new Set([nodes.length]));
    await Promise.all(nodes.map((key) => registry.put(key, report, longMs)));
  });
});
