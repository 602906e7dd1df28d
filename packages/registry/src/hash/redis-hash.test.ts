import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { bulk, list, startFakeRedis, type FakeReply } from '../redis/fake-redis.fixture.ts';
import { createRedisRevocations } from '../revocations/revocations.ts';
import { watchRevocations } from './watched-revocations.fixture.ts';

const open = (url: string) =>
  createRedisRevocations({ url, name: 'test', random: () => 0, monotonicNowMs: () => performance.now() });

const record = '{"at_ms":1}';
const fields = (...texts: string[]) => list(texts.map((text) => bulk(text)));
const whole = fields('#', 'marker', 'user:alice', record);

/** Replies to the three commands of a reading. The replies to HGETALL follow each other, and the last one repeats. */
function replying(hlen: number, hgetall: readonly string[]): FakeReply {
  const left = [...hgetall];
  return ([command]) => {
    if (command === 'hlen') return `:${hlen}\r\n`;
    if (command === 'memory') return ':100\r\n';
    return command === 'hgetall' ? (left.length > 1 ? left.shift() : left[0]) : '+OK\r\n';
  };
}

describe('a hash that changes between HLEN and HGETALL', () => {
  test.each([
    ['is missing, if no field is left', [list([])], undefined],
    ['is missing, if no field is left at the second reading', [fields('#', 'marker'), list([])], undefined],
    ['is read again, if fields are missing', [fields('#', 'marker'), whole], 1],
    ['is read, if it has more fields', [fields('#', 'm', 'user:a', record, 'user:b', record)], 2],
    ['is read, if it has no mark', [fields('user:a', record, 'user:b', record)], 2],
  ])('%s', async (_what, hgetall, size) => {
    await using redis = await startFakeRedis(replying(2, hgetall));
    await using revocations = open(redis.url);
    expect((await revocations.readAll())?.size).toBe(size);
  });

  test('is a bad reply, if fields are missing twice', async () => {
    await using redis = await startFakeRedis(replying(2, [fields('#', 'marker')]));
    await using revocations = open(redis.url);
    await expect(revocations.readAll()).rejects.toMatchObject({
      fault: 'bad_reply',
      message: 'Redis sent an unexpected reply: expected as many fields from HGETALL as from HLEN',
    });
  });

  test('leaves the known revocations in force, and is reported as missing', async () => {
    await using redis = await startFakeRedis(replying(2, [whole, list([])]));
    await using revocations = open(redis.url);
    await using feed = await watchRevocations(revocations);
    await feed.refresh();
    expect(feed.seen).toEqual(['1 entries', 'missing']);
  });
});

describe('a hash that Redis loses between a reading and a change', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  beforeEach(() => server.cli('FLUSHALL'));

  test('is not created again by the change: otherwise all other entries would be lifted', async () => {
    await using revocations = open(server.url);
    await revocations.replace('user:alice', undefined, record);
    await revocations.readAll();
    await server.cli('FLUSHALL');
    expect(await revocations.replace('user:bob', undefined, record)).toBe(false);
    expect(Number(await server.cli('EXISTS', 'turn:revocations'))).toBe(0);
    // A second attempt must not create it either.
    expect(await revocations.readAll()).toBeUndefined();
    expect(await revocations.replace('user:bob', undefined, record)).toBe(false);
    // Now the caller decides whether to create the hash.
    await revocations.findLoss();
    expect(await revocations.replace('user:bob', undefined, record)).toBe(true);
  });

  test('is not created again by a change that comes after findLoss has found the hash', async () => {
    await server.cli('HSET', 'turn:revocations', 'user:alice', record);
    await using revocations = open(server.url);
    expect(await revocations.findLoss()).toBeUndefined();
    await server.cli('FLUSHALL');
    expect(await revocations.readAll()).toBeUndefined();
    expect(await revocations.replace('user:bob', undefined, record)).toBe(false);
  });

  test('is created by the first change, if it was missing at the last reading', async () => {
    await using revocations = open(server.url);
    expect(await revocations.readAll()).toBeUndefined();
    expect(await revocations.replace('user:alice', undefined, record)).toBe(true);
    expect((await revocations.readAll())?.size).toBe(1);
  });
});
