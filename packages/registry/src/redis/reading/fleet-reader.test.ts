import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { Redis } from 'ioredis';
import type { FollowedReading } from '../../nodes/node-registry.ts';
import { RegistryError } from '../../registry-error.ts';
import { createFleetReader } from './fleet-reader.ts';
import { readLengths, scanNames, type Shard } from './shard.ts';

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
    listNames: () => scanNames(redis),
    values: (names) => {
      note('value', names);
      return redis.mget([...names]);
    },
    lengths: (names) => {
      note('length', names);
      return readLengths(redis, names);
    },
    ...changes,
  };
  return { shard, asked: () => asked.splice(0) };
}

const idsOf = ({ records }: { records: readonly { key: { id: string } }[] }) =>
  records.map(({ key }) => key.id).toSorted();

describe('a value that is too large', () => {
  test('is read once, then only its length is read until it is small enough', async () => {
    const { shard, asked } = openShard();
    const reader = createFleetReader();
    await redis.mset({ [nameOf('small')]: text, [nameOf('large')]: 'x'.repeat(1 << 20) });
    const tooLarge = { name: nameOf('large'), reason: 'too_large', detail: 'Too long: expected at most 4096 bytes' };

    expect((await reader.read([shard])).rejected).toEqual([tooLarge]);
    expect(asked().toSorted()).toEqual(['value large', 'value small']);
    expect((await reader.read([shard])).rejected).toEqual([tooLarge]);
    expect(asked()).toEqual(['length large', 'value small']);

    await redis.set(nameOf('large'), text);
    expect(idsOf(await reader.read([shard]))).toEqual(['large', 'small']);
    expect(asked()).toContain('length large');
    await reader.read([shard]);
    expect(asked()).not.toContain('length large');
  });

  test('is no longer rejected when it is gone', async () => {
    const { shard } = openShard();
    const reader = createFleetReader();
    await redis.set(nameOf('large'), 'x'.repeat(5000));
    await reader.read([shard]);
    await redis.del(nameOf('large'));
    expect(await reader.read([shard])).toMatchObject({ records: [], rejected: [] });
  });

  test('is found by reading all lengths after a timeout', async () => {
    const hugeLength = 1 << 20;
    await redis.mset({ [nameOf('small')]: text, [nameOf('huge')]: 'x'.repeat(hugeLength) });
    const { shard } = openShard({
      values: async (names) => {
        const values = await redis.mget([...names]);
        if (values.some((value) => (value?.length ?? 0) >= hugeLength)) {
          throw new RegistryError('unavailable', 'Redis is not available: no answer in time', { fault: 'timeout' });
        }
        return values;
      },
    });
    const reader = createFleetReader();
    await expect(reader.read([shard])).rejects.toMatchObject({ fault: 'timeout' });
    for (let reading = 0; reading < 3; reading += 1) expect(idsOf(await reader.read([shard]))).toEqual(['small']);
  });

  test('is never read under an invalid key', async () => {
    const { shard, asked } = openShard();
    await redis.set('turn:node:EU:upper', 'x'.repeat(1 << 20));
    expect((await createFleetReader().read([shard])).rejected).toMatchObject([{ reason: 'bad_key' }]);
    expect(asked()).toEqual([]);
  });
});

describe('a node that SCAN misses', () => {
  test('is read as long as it exists', async () => {
    let listed = new Set([nameOf('a'), nameOf('b')]);
    const { shard } = openShard({ listNames: () => Promise.resolve(listed) });
    const reader = createFleetReader();
    await redis.mset({ [nameOf('a')]: text, [nameOf('b')]: text });
    expect(idsOf(await reader.read([shard]))).toEqual(['a', 'b']);
    listed = new Set([nameOf('a')]);
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
    const reading = await createFleetReader().read([first.shard, second.shard]);
    expect(idsOf(reading)).toEqual(['a', 'b']);
    expect(reading.serverId).toBe('a,b');
    expect(second.asked()).toEqual([]);
  });
});

test('a reading fails when one shard fails, and has no server id when one shard lacks it', async () => {
  const failing = openShard({ listNames: () => Promise.reject(new RegistryError('unavailable', 'away')) });
  await expect(createFleetReader().read([openShard().shard, failing.shard])).rejects.toThrow('away');
  const nameless = openShard({ serverId: undefined });
  expect(await createFleetReader().read([openShard().shard, nameless.shard])).not.toHaveProperty('serverId');
});

const changesOf = ({ changed, gone }: FollowedReading) => ({
  changed: changed.map(({ key, report: { cpu } }) => `${key.id} ${cpu}`).toSorted(),
  gone: gone.map(({ id }) => id).toSorted(),
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
    const other = openShard({ serverId: 'b', listNames: () => Promise.resolve(new Set([nameOf('b')])) });
    const reader = createFleetReader();
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
    const reader = createFleetReader();
    await redis.set(nameOf('a'), text);
    await reader.read([shard]);
    await redis.set(nameOf('a'), '{}');
    expect(changesOf(await reader.read([shard]))).toEqual({ changed: [], gone: ['a'] });
    await redis.set(nameOf('a'), text);
    expect(changesOf(await reader.read([shard]))).toEqual({ changed: ['a 20'], gone: [] });
  });
});
