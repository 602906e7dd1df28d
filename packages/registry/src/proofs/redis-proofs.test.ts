import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { Redis } from 'ioredis';
import { faultOf } from '../redis/calls.fixture.ts';
import { bulk, list, startFakeRedis, type FakeReply } from '../redis/fake-redis.fixture.ts';
import { createRedisRegistry } from '../redis/redis-registry.ts';
import { describeProofStore } from './proof-store.contract.ts';

const target = { region: 'eu-central-1', id: 'node-01' };
const prober = { region: 'us-east-1', id: 'node-02' };
const name = 'turn:proof:eu-central-1:node-01:us-east-1:node-02';
const proof = { paths: [], at: 3 };
const text = JSON.stringify(proof);

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
beforeEach(() => admin.flushall());

const open = ({ recordsMax = 1_000 } = {}) =>
  createRedisRegistry({ url: server.url, name: 'test', random: () => 0, commandTimeoutMs: 60_000, recordsMax });

describeProofStore('Redis', async () => {
  await admin.flushall();
  const registry = open();
  return {
    proofs: registry.proofs,
    elapse: (milliseconds) => delay(milliseconds),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
});

describe('proofs in Redis with other writers', () => {
  test('have the documented key, value and TTL, and are no records', async () => {
    await using registry = open();
    await registry.proofs.putProof({ target, prober }, proof, 90_000);
    expect(await admin.get(name)).toBe(text);
    expect(await admin.pttl(name)).toBeGreaterThan(80_000);
    expect(await registry.readAll()).toMatchObject({ records: [], rejected: [] });
  });

  test('are counted as invalid if they are no proofs, and others are read', async () => {
    await using registry = open();
    await admin.mset({
      [name]: text,
      [`${name}:more`]: text,
      'turn:proof:': text,
      'turn:proof:EU:a:us:b': text,
      [`turn:proof:${'x'.repeat(5_000)}`]: text,
      'turn:proof:eu:json:us:b': '{',
      'turn:proof:eu:shape:us:b': '{"paths":[{}],"at":1}',
      'turn:proof:eu:large:us:b': JSON.stringify({ ...proof, more: 'x'.repeat(1 << 20) }),
    });
    await admin.lpush('turn:proof:eu:list:us:b', text);
    expect(await registry.proofs.readAllProofs()).toEqual({
      proofs: [{ target, prober, proof }],
      invalid: 8,
      leftOut: 0,
    });
    const unfit = ['json', 'shape', 'large', 'list', 'none'].map((id) => ({
      target: { region: 'eu', id },
      prober: { region: 'us', id: 'b' },
    }));
    expect(await registry.proofs.readProofs([...unfit, { target, prober }])).toEqual([
      ...unfit.map(() => undefined),
      proof,
    ]);
  });

  test('are read up to four for each possible record, and the others are counted', async () => {
    await using registry = open({ recordsMax: 25 });
    const names = Array.from({ length: 700 }, (_, index) => `turn:proof:eu:a:us:b${index}`);
    await admin.mset(Object.fromEntries(names.map((each) => [each, text])));
    const reading = await registry.proofs.readAllProofs();
    expect(reading.proofs).toHaveLength(100);
    // SCAN may list a key twice.
    expect(reading.leftOut).toBeGreaterThanOrEqual(600);
  });
});

describe('the record of one node', () => {
  const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;

  test.each([
    ['a report', JSON.stringify(report), report],
    ['no report', undefined, undefined],
    ['another JSON value', '[]', undefined],
    ['a value that is too large', JSON.stringify({ ...report, more: 'x'.repeat(5_000) }), undefined],
  ])('is read if it is %s', async (_, stored, expected) => {
    await using registry = open();
    if (stored !== undefined) await admin.set('turn:node:eu-central-1:node-01', stored);
    expect(await registry.readNode(target)).toEqual(expected);
  });
});

/** The replies of a healthy Redis with one proof. */
const honest: FakeReply = ([command = '']) => {
  switch (command) {
    case 'scan':
      return list([bulk('0'), list([bulk(name)])]);
    case 'mget':
      return list([bulk(text)]);
    case 'strlen':
      return `:${text.length}\r\n`;
    case 'info':
      return bulk('run_id:1\r\nrole:master\r\n');
    default:
      return '+OK\r\n';
  }
};

async function faultsOf(replyTo: FakeReply) {
  await using redis = await startFakeRedis(replyTo);
  await using registry = createRedisRegistry({
    url: redis.url,
    name: 'test',
    random: () => 0,
    commandTimeoutMs: 1_000,
  });
  return {
    readAllProofs: await faultOf(registry.proofs.readAllProofs()),
    readProofs: await faultOf(registry.proofs.readProofs([{ target, prober }])),
    putProof: await faultOf(registry.proofs.putProof({ target, prober }, proof, 1_000)),
    readNode: await faultOf(registry.readNode(target)),
  };
}

describe('a Redis that replies', () => {
  test('as expected causes no fault', async () => {
    expect(await faultsOf(honest)).toEqual({});
  });

  test.each([
    ['scan', '*-1\r\n', ['readAllProofs']],
    ['scan', list([bulk('0'), list([':1\r\n'])]), ['readAllProofs']],
    ['strlen', '$-1\r\n', ['readAllProofs', 'readProofs', 'readNode']],
    ['mget', list([]), ['readAllProofs', 'readProofs', 'readNode']],
    ['mget', list([list(['$-1\r\n'])]), ['readAllProofs', 'readProofs', 'readNode']],
    ['set', ':1\r\n', ['putProof']],
  ])('in another shape causes the fault bad_reply: %s %j', async (liar, reply, calls) => {
    const faults = await faultsOf((command) => (command[0] === liar ? reply : honest(command)));
    expect(Object.entries(faults).flatMap(([call, fault]) => (fault === 'bad_reply' ? [call] : []))).toEqual(calls);
  });
});
