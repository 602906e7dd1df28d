import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RegistryError } from '../../registry-error.ts';
import {
  changesOf,
  idsOf,
  nameOf,
  openReader,
  report,
  startShards,
  text,
  type Shards,
} from './fleet-reader.fixture.ts';

let shards: Shards;
let redis: Shards['redis'];
beforeAll(async () => {
  shards = await startShards();
  ({ redis } = shards);
});
afterAll(async () => {
  await shards[Symbol.asyncDispose]();
});
beforeEach(() => redis.flushall());

const openShard: Shards['open'] = (changes) => shards.open(changes);

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
