import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually, freePort, startRedis, type RedisServer } from '@turn-router/testing';
import { Redis } from 'ioredis';
import { describeNodeRegistry } from '../nodes/node-registry.contract.ts';
import { RegistryError } from '../registry-error.ts';
import { createRedisRegistry } from './redis-registry.ts';

const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;
const frankfurt = { region: 'eu-central-1', id: 'node-01' };

const failure = (code: string, message: string) => expect.objectContaining({ name: 'RegistryError', code, message });
const rejectionOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (reason: unknown) => (reason instanceof RegistryError ? reason : undefined),
  );

let server: RedisServer;
let admin: Redis;
beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

/** Short enough to wait for, long enough to tolerate the delays of a busy machine. */
const replicaLifetimeMs = 1_500;

async function open({ url = server.url, commandTimeoutMs = 60_000 } = {}) {
  const registry = createRedisRegistry({
    url,
    name: 'test',
    random: () => 0,
    commandTimeoutMs,
    replicaLifetimeMs,
  });
  await eventually('the registry to connect', async () => (await registry.readAll()) !== undefined);
  return registry;
}

describeNodeRegistry('the Redis registry', async () => {
  await admin.flushall();
  const registry = await open();
  return {
    registry,
    elapse: (milliseconds) => delay(milliseconds),
    replicaLifetimeMs,
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
});

describe('the Redis registry with other writers', () => {
  let registry: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    await admin.flushall();
    registry = await open();
  });
  afterEach(async () => registry[Symbol.asyncDispose]());

  test('reads a record written by hand', async () => {
    await admin.set('turn:node:eu-central-1:x', JSON.stringify(report), 'PX', 15_000);
    expect(await registry.readAll()).toMatchObject({
      records: [{ key: { region: 'eu-central-1', id: 'x' }, report }],
      rejected: [],
    });
  });

  test('writes the documented key and TTL', async () => {
    await registry.put(frankfurt, report, 15_000);
    expect(JSON.parse((await admin.get('turn:node:eu-central-1:node-01')) ?? '')).toEqual(report);
    expect(await admin.pttl('turn:node:eu-central-1:node-01')).toBeGreaterThan(14_000);
  });

  test('rejects invalid records with the reason, and reads the rest', async () => {
    await admin.mset({
      'turn:node:eu-central-1:good': JSON.stringify(report),
      'turn:node:eu-central-1:bad-json': '{',
      'turn:node:eu-central-1:bad-type': JSON.stringify({ ...report, cpu: 'x' }),
      'turn:node:eu-central-1:huge': 'x'.repeat(1 << 20),
      'turn:node:eu-central-1:polluted': `{"__proto__":{"status":"healthy"}}`,
      'turn:node:EU:upper': JSON.stringify(report),
      'turn:node:eu:a:b': JSON.stringify(report),
      'turn:secret:eu:a': 'not ours to look at',
    });
    await admin.rpush('turn:node:eu-central-1:list', 'x');
    const { records, rejected } = await registry.readAll();
    expect(records).toEqual([{ key: { region: 'eu-central-1', id: 'good' }, report }]);
    expect(rejected.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      {
        name: 'turn:node:eu-central-1:bad-json',
        reason: 'not_json',
        detail: 'Invalid JSON: expected one JSON object',
      },
      {
        name: 'turn:node:eu-central-1:bad-type',
        reason: 'invalid',
        detail: 'cpu: Invalid input: expected number, received string',
      },
      {
        name: 'turn:node:eu-central-1:huge',
        reason: 'too_large',
        detail: 'Too long: expected at most 4096 bytes',
      },
      {
        name: 'turn:node:eu-central-1:list',
        reason: 'wrong_type',
        detail: 'Wrong type: expected a string',
      },
      {
        name: 'turn:node:eu-central-1:polluted',
        reason: 'invalid',
        detail: expect.stringContaining('status: Invalid option'),
      },
      {
        name: 'turn:node:eu:a:b',
        reason: 'bad_key',
        detail: 'expected turn:node:<region>:<id> with names of a–z, 0–9 and "-"',
      },
      {
        name: 'turn:node:EU:upper',
        reason: 'bad_key',
        detail: 'expected turn:node:<region>:<id> with names of a–z, 0–9 and "-"',
      },
    ]);
  });

  test('never sends KEYS', async () => {
    await admin.config('RESETSTAT');
    await registry.put(frankfurt, report, 15_000);
    await registry.readAll();
    const statistics = await admin.info('commandstats');
    expect(statistics).toContain('cmdstat_scan');
    expect(statistics).not.toContain('cmdstat_keys');
  });
});

test("the Redis registry reads Redis' clock", async () => {
  await using registry = await open();
  const beforeMs = Date.now();
  const redisMs = await registry.readClock();
  expect(redisMs).toBeGreaterThanOrEqual(beforeMs);
  expect(redisMs).toBeLessThanOrEqual(Date.now() + 1);
});

describe('the Redis registry with other routers', () => {
  const key = 'turn:routers';
  beforeEach(() => admin.flushall());

  test('counts routers announced over other connections', async () => {
    await using first = await open();
    await using second = await open();
    expect(await first.announceReplica('a')).toBe(1);
    expect(await second.announceReplica('b')).toBe(2);
    await first.withdrawReplica('a');
    expect(await second.announceReplica('b')).toBe(1);
  });

  test('scores routers by the clock of Redis, and removes the key when all have stopped', async () => {
    await using registry = await open();
    const nowMs = async () =>
      (await admin.time()).reduce((seconds, micros) => seconds * 1e3 + Math.floor(micros / 1e3));
    const beforeMs = await nowMs();
    await registry.announceReplica('a');
    const atMs = Number(await admin.zscore(key, 'a'));
    expect(atMs).toBeGreaterThanOrEqual(beforeMs);
    expect(atMs).toBeLessThanOrEqual(await nowMs());
    const livesMs = await admin.pttl(key);
    expect(livesMs).toBeGreaterThan(0);
    expect(livesMs).toBeLessThanOrEqual(replicaLifetimeMs);
  });

  test('drops foreign entries from the far past or future', async () => {
    await using registry = await open();
    await admin.zadd(key, '-inf', 'a', 0, 'b', 1e15, 'c', '+inf', 'd');
    expect(await registry.announceReplica('e')).toBe(1);
    expect(await admin.zrange(key, '0', '-1')).toEqual(['e']);
  });

  test('counts a router whose time is slightly in the future, as after a failover to a slower clock', async () => {
    await using registry = await open();
    await registry.announceReplica('a');
    await admin.zincrby(key, replicaLifetimeMs / 2, 'a');
    expect(await registry.announceReplica('b')).toBe(2);
  });

  test('rejects when the key has another type, and changes neither the key nor the nodes', async () => {
    await using registry = await open();
    await registry.put(frankfurt, report, 15_000);
    await admin.set(key, 'not a sorted set');
    const refused = failure('refused', 'Redis refused the command: WRONGTYPE');
    await expect(registry.announceReplica('a')).rejects.toEqual(refused);
    await expect(registry.withdrawReplica('a')).rejects.toEqual(refused);
    expect(await admin.get(key)).toBe('not a sorted set');
    expect((await registry.readAll()).records).toHaveLength(1);
  });
});

describe('the Redis registry, when Redis fails', () => {
  test('answers a call made right after its creation', async () => {
    await using own = await startRedis();
    await using registry = createRedisRegistry({ url: own.url, name: 'test', random: () => 0 });
    expect(await registry.readAll()).toMatchObject({ records: [], rejected: [] });
  });

  test('fails at once while nothing listens, and recovers by itself', async () => {
    const port = await freePort();
    await using registry = createRedisRegistry({ url: `redis://127.0.0.1:${port}`, name: 'test', random: () => 0 });
    await expect(registry.put(frankfurt, report, 1000)).rejects.toEqual(
      failure('unavailable', 'Redis is not available: ECONNREFUSED'),
    );
    await using late = await startRedis({ port });
    await eventually('the connection', () => registry.put(frankfurt, report, 1000).then(() => late.port));
  });

  test('times out on a server that accepts connections but never replies, and can be closed meanwhile', async () => {
    const port = await freePort();
    const silent = createServer((socket) => socket.resume()).listen(port, '127.0.0.1');
    await once(silent, 'listening');
    const openSilent = () =>
      createRedisRegistry({ url: `redis://127.0.0.1:${port}`, name: 'test', random: () => 0, commandTimeoutMs: 200 });

    await using patient = openSilent();
    await expect(patient.readAll()).rejects.toMatchObject({ code: 'unavailable' });
    const hurried = openSilent();
    const rejection = rejectionOf(hurried.readAll());
    await hurried[Symbol.asyncDispose]();
    expect(await rejection).toMatchObject({ code: 'unavailable' });

    silent.close();
  });

  test('times out while Redis is silent, and recovers when it replies again', async () => {
    await using own = await startRedis();
    await using registry = await open({ url: own.url, commandTimeoutMs: 1_000 });
    own.signal('SIGSTOP');
    await expect(registry.readAll()).rejects.toEqual(
      failure('unavailable', 'Redis is not available: no answer in time'),
    );
    own.signal('SIGCONT');
    await eventually('an answer', () => registry.readAll().then(() => true));
  });

  test('reports a refused login without the password', async () => {
    await using own = await startRedis({ args: ['--requirepass', 'right-password'] });
    await using registry = createRedisRegistry({
      url: own.url.replace('//', '//:wrong-password@'),
      name: 'test',
      random: () => 0,
    });
    const error = await eventually('a refusal', async () => {
      const reason = await rejectionOf(registry.readAll());
      return reason?.code === 'refused' ? reason : undefined;
    });
    expect(error.message).toMatch(/^Redis refused the command: (WRONGPASS|NOAUTH)$/);
  });
});
