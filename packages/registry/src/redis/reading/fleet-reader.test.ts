import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, startRedis, type RedisServer } from '@turn-router/testing';
import { Redis } from 'ioredis';
import type { FollowedReading } from '../../nodes/node-registry.ts';
import { RegistryError } from '../../registry-error.ts';
import { createFleetReader } from './fleet-reader.ts';
import { readLengths, readTtls, scanNames, type Shard } from './shard.ts';

const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 };
const text = JSON.stringify(report);
const nameOf = (id: string) => `turn:node:eu-central-1:${id}`;

let server: RedisServer;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(() => redis.flushall());

/** A shard that holds all nodes and logs its calls. */
function openShard(changes: Partial<Shard> = {}) {
  const asked: string[] = [];
  const note = (what: string, names: readonly string[]) => {
    asked.push(...names.map((name) => `${what} ${name.split(':').at(-1)}`));
  };
  const shard: Shard = {
    serverId: 'a',
    listNames: (glob, take) => scanNames(redis, glob, take),
    values: (names) => {
      note('value', names);
      return redis.mget([...names]);
    },
    lengths: (names) => {
      note('length', names);
      return readLengths(redis, names);
    },
    ttls: (names) => {
      note('ttl', names);
      return readTtls(redis, names);
    },
    ...changes,
  };
  return { shard, asked: () => asked.splice(0) };
}

const openReader = ({ recordsMax = 1_000, clock = createManualClock() } = {}) =>
  createFleetReader({ recordsMax, monotonicNowMs: clock.now });

const idsOf = ({ records }: { records: readonly { key: { id: string } }[] }) =>
  records.map(({ key }) => key.id).toSorted();

const changesOf = ({ changed, gone }: FollowedReading) => ({
  changed: changed.map(({ key, report: { cpu } }) => `${key.id} ${cpu}`).toSorted(),
  gone: gone.map(({ id }) => id).toSorted(),
});

describe('a value that cannot be a report', () => {
  test('is never read: its length is read first, and it is rejected', async () => {
    const { shard, asked } = openShard();
    const reader = openReader();
    await redis.mset({
      [nameOf('small')]: text,
      [nameOf('large')]: 'x'.repeat(1 << 20),
      [nameOf('most')]: 'x'.repeat(4096),
    });
    const { rejected } = await reader.read([shard]);
    expect(rejected).toContainEqual({
      name: nameOf('large'),
      reason: 'too_large',
      detail: 'Too long: expected at most 4096 bytes',
    });
    expect(rejected).toHaveLength(2);
    expect(
      asked()
        .filter((call) => call.startsWith('value'))
        .toSorted(),
    ).toEqual(['value most', 'value small']);
  });

  test('is not read under the key of a known node either', async () => {
    const { shard, asked } = openShard();
    const reader = openReader();
    await redis.mset({ [nameOf('a')]: text, [nameOf('b')]: text });
    await reader.read([shard]);
    asked();
    await redis.set(nameOf('a'), 'x'.repeat(1 << 20));
    expect(changesOf(await reader.read([shard]))).toEqual({ changed: [], gone: ['a'] });
    expect(asked()).not.toContain('value a');
    await redis.set(nameOf('a'), text);
    expect(changesOf(await reader.read([shard]))).toEqual({ changed: ['a 20'], gone: [] });
  });

  test('is no longer rejected when it is gone', async () => {
    const { shard } = openShard();
    const reader = openReader();
    await redis.set(nameOf('large'), 'x'.repeat(5000));
    await reader.read([shard]);
    await redis.del(nameOf('large'));
    expect(await reader.read([shard])).toMatchObject({ records: [], rejected: [] });
  });

  test('is never read under an invalid key', async () => {
    const { shard, asked } = openShard();
    await redis.set('turn:node:EU:upper', 'x'.repeat(1 << 20));
    await redis.set(`turn:node:${'x'.repeat(100_000)}`, text);
    const { rejected } = await openReader().read([shard]);
    expect(rejected).toMatchObject([{ reason: 'bad_key' }, { reason: 'bad_key' }]);
    expect(Math.max(...rejected.map(({ name }) => name.length))).toBe(200);
    expect(asked()).toEqual([]);
  });

  test.each([
    ['list', () => redis.rpush(nameOf('odd'), text)],
    ['hash', () => redis.hset(nameOf('odd'), 'report', text)],
    ['sorted set', () => redis.zadd(nameOf('odd'), 1, text)],
    ['stream', () => redis.xadd(nameOf('odd'), '*', 'report', text)],
  ])('is rejected and counted when the key holds a %s', async (_type, write) => {
    const { shard } = openShard();
    await redis.set(nameOf('a'), text);
    await write();
    const reading = await openReader().read([shard]);
    expect(idsOf(reading)).toEqual(['a']);
    expect(reading.rejected).toEqual([
      { name: nameOf('odd'), reason: 'wrong_type', detail: 'Wrong type: expected a string' },
    ]);
  });
});

const rejectionsOf = ({ rejected }: FollowedReading) => rejected.map(({ name, reason }) => `${name} ${reason}`);

describe('a record that does not expire', () => {
  test.each([
    ['no TTL', []],
    ['a TTL of ten years', ['PX', 315_360_000_000]],
  ] as const)('is gone 15 s after its last change when it has %s', async (_what, expiry) => {
    const clock = createManualClock();
    const { shard } = openShard();
    const reader = openReader({ clock });
    const write = (cpu: number) => redis.call('SET', nameOf('a'), JSON.stringify({ ...report, cpu }), ...expiry);
    await write(1);
    await reader.read([shard]);
    clock.advance(10_000);
    await write(2);
    await reader.read([shard]);
    clock.advance(14_999);
    expect(changesOf(await reader.read([shard]))).toEqual({ changed: [], gone: [] });
    clock.advance(1);
    const reading = await reader.read([shard]);
    expect(changesOf(reading)).toEqual({ changed: [], gone: ['a'] });
    expect(rejectionsOf(reading)).toEqual([`${nameOf('a')} no_expiry`]);
    expect(rejectionsOf(await reader.read([shard]))).toEqual([`${nameOf('a')} no_expiry`]);

    await write(3);
    expect(changesOf(await reader.read([shard]))).toEqual({ changed: ['a 3'], gone: [] });
  });

  test('serves again when it gets a TTL', async () => {
    const clock = createManualClock();
    const { shard } = openShard();
    const reader = openReader({ clock });
    await redis.set(nameOf('a'), text);
    await reader.read([shard]);
    clock.advance(15_000);
    await reader.read([shard]);
    await redis.pexpire(nameOf('a'), 60_000);
    clock.advance(15_000);
    expect(changesOf(await reader.read([shard]))).toEqual({ changed: ['a 20'], gone: [] });
  });

  test('costs no command while reports change, and one in 15 s while a report with a TTL does not', async () => {
    const clock = createManualClock();
    const { shard, asked } = openShard();
    const reader = openReader({ clock });
    await redis.set(nameOf('slow'), text, 'PX', 120_000);
    for (let second = 0; second < 60; second += 1) {
      if (second % 5 === 0) await redis.set(nameOf('live'), JSON.stringify({ ...report, cpu: second }), 'PX', 15_000);
      await reader.read([shard]);
      clock.advance(1_000);
    }
    expect(asked().filter((call) => call.startsWith('ttl'))).toEqual(['ttl slow', 'ttl slow', 'ttl slow']);
  });

  test('stays, and the reading names the command, when Redis does not permit PTTL', async () => {
    const clock = createManualClock();
    const { shard } = openShard();
    const reader = openReader({ clock });
    await redis.set(nameOf('a'), text);
    expect(await reader.read([shard])).not.toHaveProperty('refusedCommand');
    await redis.acl('SETUSER', 'default', '-pttl');
    clock.advance(15_000);
    const refused = { records: [{ key: { id: 'a' } }], rejected: [], refusedCommand: 'PTTL' };
    expect(await reader.read([shard])).toMatchObject(refused);
    expect(await reader.read([shard])).toMatchObject(refused);
    await redis.acl('SETUSER', 'default', '+pttl');
    clock.advance(15_000);
    const reading = await reader.read([shard]);
    expect(reading).not.toHaveProperty('refusedCommand');
    expect(rejectionsOf(reading)).toEqual([`${nameOf('a')} no_expiry`]);
  });
});

const writeMany = (prefix: string, count: number) =>
  redis.mset(Object.fromEntries(Array.from({ length: count }, (_, index) => [nameOf(`${prefix}${index}`), text])));

const listing = (prefix: string, serverId: string) =>
  openShard({
    serverId,
    listNames: (_glob, take) => {
      take(['0', '1', '2'].map((id) => nameOf(`${prefix}${id}`)));
      return Promise.resolve();
    },
  }).shard;

describe('more records than the maximum', () => {
  test('leave out the same new nodes in each reading, and say how many', async () => {
    const { shard } = openShard();
    await writeMany('m', 100);
    for (let reading = 0; reading < 3; reading += 1) {
      const { leftOut, ...found } = await openReader({ recordsMax: 10 }).read([shard]);
      expect(idsOf(found)).toEqual(['m0', 'm1', 'm10', 'm11', 'm12', 'm13', 'm14', 'm15', 'm16', 'm17']);
      expect(leftOut).toBe(90);
    }
  });

  test('never push out a known node, whatever their keys and values are', async () => {
    const { shard } = openShard();
    const reader = openReader({ recordsMax: 10 });
    await writeMany('z', 8);
    await reader.read([shard]);
    await writeMany('a', 500);
    await redis.mset(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`turn:node:A${index}`, text])));
    for (let cpu = 0; cpu < 3; cpu += 1) {
      await redis.set(nameOf('z7'), JSON.stringify({ ...report, cpu }));
      const reading = await reader.read([shard]);
      expect(idsOf(reading)).toEqual(['a0', 'a1', 'z0', 'z1', 'z2', 'z3', 'z4', 'z5', 'z6', 'z7']);
      expect(changesOf(reading).changed).toContain(`z7 ${cpu}`);
      expect(reading.leftOut).toBe(498);
    }
  });

  test('make room when nodes are gone', async () => {
    const { shard } = openShard();
    const reader = openReader({ recordsMax: 2 });
    await writeMany('m', 3);
    await reader.read([shard]);
    await redis.del(nameOf('m0'));
    await reader.read([shard]);
    const reading = await reader.read([shard]);
    expect(idsOf(reading)).toEqual(['m1', 'm2']);
    expect(reading).not.toHaveProperty('leftOut');
  });

  test('are counted over all shards of a cluster', async () => {
    await writeMany('a', 3);
    await writeMany('b', 3);
    const reading = await openReader({ recordsMax: 4 }).read([listing('a', '1'), listing('b', '2')]);
    expect(idsOf(reading)).toEqual(['a0', 'a1', 'a2', 'b0']);
    expect(reading.leftOut).toBe(2);
  });
});

describe('a node that SCAN misses', () => {
  test('is read as long as it exists', async () => {
    let listed = [nameOf('a'), nameOf('b')];
    const { shard } = openShard({
      listNames: (_glob, take) => {
        take(listed);
        return Promise.resolve();
      },
    });
    const reader = openReader();
    await redis.mset({ [nameOf('a')]: text, [nameOf('b')]: text });
    expect(idsOf(await reader.read([shard]))).toEqual(['a', 'b']);
    listed = [nameOf('a')];
    expect(idsOf(await reader.read([shard]))).toEqual(['a', 'b']);
    expect(idsOf(await reader.read([shard]))).toEqual(['a', 'b']);
    await redis.del(nameOf('b'));
    expect(idsOf(await reader.read([shard]))).toEqual(['a']);
    await redis.set(nameOf('b'), text);
    expect(idsOf(await reader.read([shard]))).toEqual(['a']);
  });

  test('is read once when two shards list it', async () => {
    const first = openShard();
    const second = openShard({ serverId: 'b' });
    await redis.mset({ [nameOf('a')]: text, [nameOf('b')]: text });
    const reading = await openReader().read([first.shard, second.shard]);
    expect(idsOf(reading)).toEqual(['a', 'b']);
    expect(reading.serverId).toBe('a,b');
    expect(second.asked()).toEqual([]);
  });
});

test('a reading fails when one shard fails, and has no server id when one shard lacks it', async () => {
  const failing = openShard({ listNames: () => Promise.reject(new RegistryError('unavailable', 'away')) });
  await expect(openReader().read([openShard().shard, failing.shard])).rejects.toThrow('away');
  const nameless = openShard({ serverId: undefined });
  expect(await openReader().read([openShard().shard, nameless.shard])).not.toHaveProperty('serverId');
});

describe('changes', () => {
  test('of a failed reading are returned by the next successful one', async () => {
    let breaks = false;
    const { shard } = openShard({
      values: async (names) => {
        const values = await redis.mget([...names]);
        if (breaks) throw new RegistryError('unavailable', 'away');
        return values;
      },
    });
    const other = openShard({
      serverId: 'b',
      listNames: (_glob, take) => {
        take([nameOf('b')]);
        return Promise.resolve();
      },
    });
    const reader = openReader();
    await redis.mset({ [nameOf('a')]: text, [nameOf('b')]: text, [nameOf('c')]: text });
    await reader.read([other.shard, shard]);

    await redis.mset({ [nameOf('b')]: JSON.stringify({ ...report, cpu: 30 }), [nameOf('d')]: text });
    await redis.del(nameOf('c'));
    breaks = true;
    await expect(reader.read([other.shard, shard])).rejects.toThrow('away');
    breaks = false;
    await redis.del(nameOf('a'));
    expect(changesOf(await reader.read([other.shard, shard]))).toEqual({ changed: ['b 30', 'd 20'], gone: ['a', 'c'] });
    expect(changesOf(await reader.read([other.shard, shard]))).toEqual({ changed: [], gone: [] });
  });

  test('include a node whose record becomes invalid', async () => {
    const { shard } = openShard();
    const reader = openReader();
    await redis.set(nameOf('a'), text);
    await reader.read([shard]);
    await redis.set(nameOf('a'), '{}');
    expect(changesOf(await reader.read([shard]))).toEqual({ changed: [], gone: ['a'] });
    await redis.set(nameOf('a'), text);
    expect(changesOf(await reader.read([shard]))).toEqual({ changed: ['a 20'], gone: [] });
  });
});
