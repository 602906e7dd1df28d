import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import type { FollowedReading } from '../../nodes/node-registry.ts';
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
