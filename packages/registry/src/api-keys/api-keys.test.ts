import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually, startRedis, startRedisCluster, type RedisServer } from '@turn-router/testing';
import type { ApiKeyRecord } from '@turn-router/contract/registry';
import type { HashFeedEvents } from '../hash/hash-feed.ts';
import type { StoredHash } from '../hash/hash-store.ts';
import { createRedisApiKeys, startApiKeyFeed } from './api-keys.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => server.cli('FLUSHALL'));

/** Timeouts of a command: long enough for a busy machine, and short for a silent Redis. */
const patientMs = 60_000;
const impatientMs = 1_000;

const open = ({ url = server.url, commandTimeoutMs = patientMs } = {}) =>
  createRedisApiKeys({
    url,
    name: 'test',
    random: () => 0,
    monotonicNowMs: () => performance.now(),
    commandTimeoutMs,
  });

/** Creates a record with a distinct label. */
const recordOf = (label: string) => ({ secrets: [{ sha256: 'a'.repeat(64) }], label });
const textOf = (label: string) => JSON.stringify(recordOf(label));

/** One replacement of `replaceAll`. */
const entry = (name: string, expected?: string, next?: string) => ({ name, expected, next });

describe('API keys in Redis', () => {
  test('are only replaced when the expected entry is current', async () => {
    await using keys = open();
    expect(await keys.readAll()).toBeUndefined();
    expect(await keys.replace('web', undefined, textOf('1'))).toBe(true);
    expect(await keys.replace('web', undefined, textOf('2'))).toBe(false);
    expect(await keys.replace('web', textOf('2'), textOf('3'))).toBe(false);
    expect(await keys.readAll()).toEqual(new Map([['web', textOf('1')]]));
    expect(await keys.replace('web', textOf('1'), textOf('4'))).toBe(true);
    expect(await keys.readAll()).toEqual(new Map([['web', textOf('4')]]));
    expect(await keys.replace('web', textOf('1'), undefined)).toBe(false);
    expect(await keys.replace('web', textOf('4'), undefined)).toBe(true);
  });

  test('are limited in number', async () => {
    await server.cli('EVAL', "for i = 1, 9999 do redis.call('HSET', KEYS[1], i, 'x') end", '1', 'turn:api-keys');
    await using keys = open();
    expect(await keys.replace('web', undefined, textOf('1'))).toBe(true);
    const oneTooMany = keys.replace('app', undefined, textOf('2'));
    await expect(oneTooMany).rejects.toMatchObject({
      message: 'turn:api-keys already holds 10000 API keys, the maximum: remove some first',
    });
    expect(await keys.replace('web', textOf('1'), textOf('2'))).toBe(true);
    expect((await keys.readAll())?.size).toBe(10_000);
  });

  test('are replaced together or not at all', async () => {
    await using keys = open();
    expect(await keys.replaceAll([entry('a', undefined, 'x'), entry('b', undefined, 'y')])).toBe(true);
    expect(await keys.replaceAll([entry('a', 'x', 'z'), entry('b', 'other', 'z')])).toBe(false);
    expect(await keys.replaceAll([entry('a', 'x'), entry('c', undefined, 'z')])).toBe(true);
    expect(await keys.readAll()).toEqual(
      new Map([
        ['b', 'y'],
        ['c', 'z'],
      ]),
    );
    await server.cli('FLUSHALL');
    await keys.findLoss();
    const many = Array.from({ length: 10_001 }, (_, n) => entry(`k${n}`, undefined, 'x'));
    await expect(keys.replaceAll(many)).rejects.toMatchObject({ message: expect.stringContaining('the maximum') });
    expect(await keys.readAll()).toBeUndefined();
    expect(await keys.replaceAll(many.slice(1))).toBe(true);
  });

  test('keep their hash when the last key is revoked', async () => {
    await using keys = open();
    await keys.replace('web', undefined, textOf('1'));
    await keys.replace('web', textOf('1'), undefined);
    expect(await keys.readAll()).toEqual(new Map());
    await server.cli('DEL', 'turn:api-keys');
    expect(await keys.readAll()).toBeUndefined();
  });

  test('work on a cluster', async () => {
    await using cluster = await startRedisCluster();
    await using keys = open({ url: cluster.url });
    await eventually('the cluster to take a key', () => keys.replace('web', undefined, textOf('1')));
    expect(await keys.readAll()).toEqual(new Map([['web', textOf('1')]]));
  });

  test.each([
    ['a key of another type', ['SET', 'turn:api-keys', 'x'], 'Redis refused the command: WRONGTYPE'],
    [
      'too many entries',
      ['EVAL', "for i = 1, 10002 do redis.call('HSET', KEYS[1], i, 'x') end", '1', 'turn:api-keys'],
      'turn:api-keys has 10002 fields: expected at most 10000 API keys',
    ],
  ])('reject %s', async (_, command, message) => {
    await server.cli(...command);
    await using keys = open();
    await expect(keys.readAll()).rejects.toMatchObject({ name: 'RegistryError', message });
  });
});

/** Follows the keys, reads only on refresh(), and logs the events. */
function follow(source: Parameters<typeof startApiKeyFeed>[0], restored?: StoredHash) {
  const said: unknown[] = [];
  const events: HashFeedEvents<ApiKeyRecord> = {
    onEntries: (keys, rejected) => said.push([[...keys].map(([id, { label }]) => `${id} ${label}`), rejected]),
    onMissing: () => said.push('missing'),
    onLost: () => said.push('lost'),
    onFound: () => said.push('found'),
  };
  const feed = startApiKeyFeed(source, events, { restored, intervalMs: 3_600_000 });
  return {
    ...feed,
    /** Refreshes, and returns the events since the last call. */
    async next() {
      await feed.firstReading;
      await feed.refresh();
      return said.splice(0);
    },
  };
}

describe('the feed of API keys', () => {
  test('reports every change once, and skips invalid keys', async () => {
    await using keys = open();
    await using feed = follow(keys);
    expect(await feed.next()).toEqual([[[], []]]);
    await keys.replace('web', undefined, textOf('1'));
    expect(await feed.next()).toEqual([[['web 1'], []]]);
    expect(await feed.next()).toEqual([]);
    await server.cli('HSET', 'turn:api-keys', 'bad', 'x', 'Wrong', textOf('2'));
    const rejected = [
      { name: 'bad', detail: ': Invalid JSON: expected one JSON object' },
      { name: 'Wrong', detail: expect.stringContaining('Invalid key id: ') },
    ];
    expect(await feed.next()).toEqual([[['web 1'], expect.arrayContaining(rejected)]]);
    await server.cli('HDEL', 'turn:api-keys', 'bad', 'Wrong');
    await keys.replace('web', textOf('1'), undefined);
    expect(await feed.next()).toEqual([[[], []]]);
  });

  test('keeps the keys while Redis is silent, and then takes the changes', async () => {
    await using keys = open({ commandTimeoutMs: impatientMs });
    await keys.replace('web', undefined, textOf('1'));
    await using feed = follow(keys);
    expect(await feed.next()).toEqual([[['web 1'], []]]);
    server.signal('SIGSTOP');
    expect([...(await feed.next()), ...(await feed.next())]).toEqual(['lost']);
    server.signal('SIGCONT');
    await server.cli('HDEL', 'turn:api-keys', 'web');
    const said: unknown[] = [];
    await eventually('Redis to be back', async () => said.push(...(await feed.next())) === 2);
    expect(said).toEqual(['found', [[], []]]);
  });

  test('keeps the keys when Redis has lost its data, and takes restored keys', async () => {
    await using keys = open();
    await keys.replace('web', undefined, textOf('1'));
    await using feed = follow(keys);
    expect(await feed.next()).toEqual([[['web 1'], []]]);
    await server.cli('FLUSHALL');
    expect([...(await feed.next()), ...(await feed.next())]).toEqual(['missing']);
    await keys.findLoss();
    await keys.replace('web', undefined, textOf('2'));
    expect(await feed.next()).toEqual([[['web 2'], []]]);
  });

  test('reports held keys while Redis has lost them, and says when they return', async () => {
    await using keys = open();
    await keys.replace('web', undefined, textOf('1'));
    const said: unknown[] = [];
    await using feed = startApiKeyFeed(
      keys,
      {
        onEntries: () => said.push('entries'),
        onMissing: () => said.push('missing'),
        onReturned: () => said.push('returned'),
        onLost: () => undefined,
        onFound: () => undefined,
      },
      { intervalMs: 3_600_000, reportHeld: (entries) => keys.reportHeld(entries) },
    );
    await feed.firstReading;
    expect(await keys.findLoss()).toBeUndefined();
    await server.cli('FLUSHALL');
    await feed.refresh();
    expect(await keys.findLoss()).toEqual({ sign: 'held', entries: 1 });
    expect(Number(await server.cli('TTL', 'turn:held:api-keys'))).toBeGreaterThan(86_000);
    await keys.replace('web', undefined, textOf('1'));
    await feed.refresh();
    expect(await keys.findLoss()).toBeUndefined();
    expect(said).toEqual(['entries', 'missing', 'returned']);
  });

  test('says nothing of a hash that never had keys', async () => {
    await using keys = open();
    const said: unknown[] = [];
    await using feed = follow({ readAll: async () => keys.readAll() });
    said.push(...(await feed.next()), ...(await feed.next()));
    await keys.replace('web', undefined, textOf('1'));
    said.push(...(await feed.next()));
    expect(said).toEqual([
      [[], []],
      [['web 1'], []],
    ]);
  });

  test('uses the restored keys until Redis answers', async () => {
    await using keys = open({ commandTimeoutMs: impatientMs });
    await keys.replace('web', undefined, textOf('1'));
    server.signal('SIGSTOP');
    await using feed = follow(keys, new Map([['old', textOf('0')]]));
    expect(await feed.next()).toEqual([[['old 0'], []], 'lost']);
    server.signal('SIGCONT');
    const said: unknown[] = [];
    await eventually('Redis to be back', async () => said.push(...(await feed.next())) === 2);
    expect(said).toEqual(['found', [['web 1'], []]]);
  });
});
