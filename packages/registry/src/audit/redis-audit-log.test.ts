import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually, startRedis, startRedisCluster, type RedisServer } from '@turn-router/testing';
import { describeAuditLog } from './audit-log.contract.ts';
import { createRedisAuditLog } from './redis-audit-log.ts';

const event = { actor: 'router:a', action: 'node.draining', subject: 'eu-central-1/node-01' } as const;
const everything = { sinceMs: 0, limit: 1_000 };

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => server.cli('FLUSHALL'));

/** Timeout of a command, long enough for a busy machine. */
const patientMs = 60_000;

const open = ({ url = server.url, commandTimeoutMs = patientMs } = {}) =>
  createRedisAuditLog({
    url,
    name: 'test',
    random: () => 0,
    monotonicNowMs: () => performance.now(),
    commandTimeoutMs,
  });

describeAuditLog('Redis', () => {
  const log = open();
  return Promise.resolve({
    log,
    spoil: () => server.cli('XADD', 'turn:audit', '*', 'else', 'x'),
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  });
});

/** Returns the remaining lifetime of a state, ms; -1: unlimited. */
const left = (subject: string) => server.cli('PTTL', `turn:audit:state:{turn:audit}:${subject}`).then(Number);

describe('the audit log in Redis', () => {
  test('uses the clock of Redis', async () => {
    await using log = open();
    await log.append(event);
    const [seconds = 0] = (await server.cli('TIME')).split('\n').map(Number);
    const [{ atMs } = { atMs: 0 }] = (await log.read(everything)).entries;
    expect(Math.abs(atMs - seconds * 1_000)).toBeLessThan(5_000);
  });

  test('writes each change once when ten routers see it at the same moment', async () => {
    await using first = open();
    await using second = open();
    const say = (action: 'node.draining' | 'node.returned') =>
      Promise.all(
        Array.from({ length: 10 }, (_, router) =>
          (router % 2 === 0 ? first : second).append({ ...event, action }, { of: 'node', is: action, lastsMs: 60_000 }),
        ),
      );
    for (const action of ['node.draining', 'node.returned', 'node.draining'] as const) {
      expect((await say(action)).filter((isWritten) => isWritten)).toHaveLength(1);
    }
    const { entries } = await second.read(everything);
    expect(entries.map(({ action }) => action)).toEqual(['node.draining', 'node.returned', 'node.draining']);
  });

  test('remembers a state for its lifetime', async () => {
    await using log = open();
    await log.append(event, { of: 'node/eu-central-1/node-01', is: 'draining', lastsMs: 60_000, settlesMs: 10_000 });
    await log.append({ ...event, action: 'policy.changed', subject: 'policy' }, { of: 'policy', is: 'abc' });
    expect(await left('node/eu-central-1/node-01')).toBeGreaterThan(50_000);
    expect(await left('node/eu-central-1/node-01=draining')).toBeGreaterThan(5_000);
    expect(await left('node/eu-central-1/node-01=draining')).toBeLessThanOrEqual(10_000);
    expect(await left('policy')).toBe(-1);
  });

  test('searches for one action in steps, each with a place to continue', async () => {
    await using log = open();
    await log.append({ ...event, subject: 'oldest' });
    const fill = "for i = 1, 20500 do redis.call('XADD', KEYS[1], '*', 'entry', ARGV[1]) end";
    await server.cli('EVAL', fill, '1', 'turn:audit', JSON.stringify({ ...event, action: 'key.created' }));
    const query = { ...everything, action: 'node.draining' } as const;
    const first = await log.read(query);
    expect([first.entries, typeof first.before]).toEqual([[], 'string']);
    const second = await log.read({ ...query, before: first.before });
    expect([second.entries.map(({ subject }) => subject), second.before]).toEqual([['oldest'], undefined]);
  });

  test('works on a cluster', async () => {
    await using cluster = await startRedisCluster();
    await using log = open({ url: cluster.url });
    const say = () => log.append(event, { of: 'node', is: 'draining' });
    expect(await eventually('the cluster to take an entry', () => say().catch(() => undefined))).toBe(true);
    expect(await say()).toBe(false);
    expect((await log.read(everything)).entries).toMatchObject([event]);
  });

  test('rejects while Redis is unreachable', async () => {
    await using log = open({ url: 'redis://127.0.0.1:1' });
    await expect(log.append(event)).rejects.toMatchObject({ name: 'RegistryError', fault: 'connection' });
    await expect(log.read(everything)).rejects.toMatchObject({ name: 'RegistryError', fault: 'connection' });
  });
});
