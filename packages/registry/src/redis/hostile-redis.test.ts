import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '@turn-router/testing';
import fc from 'fast-check';
import { createRedisApiKeys } from '../api-keys/api-keys.ts';
import { createRedisAuditLog } from '../audit/redis-audit-log.ts';
import { RegistryError } from '../registry-error.ts';
import { createRedisRevocations } from '../revocations/revocations.ts';
import { watchRevocations } from '../hash/watched-revocations.fixture.ts';
import { faultOf, frankfurt, report } from './calls.fixture.ts';
import { bulk, list, startFakeRedis, type FakeReply } from './fake-redis.fixture.ts';
import { createRedisRegistry } from './redis-registry.ts';

const name = 'turn:node:eu-central-1:node-01';
const text = JSON.stringify(report);

/** The replies of a healthy Redis with one node, one API key and one audit entry. */
const honest: FakeReply = ([command = '', ...words]) => {
  switch (command.toLowerCase()) {
    case 'scan':
      return list([bulk('0'), list([bulk(name)])]);
    case 'mget':
      return list([bulk(text)]);
    case 'strlen':
      return `:${text.length}\r\n`;
    case 'pttl':
      return ':5000\r\n';
    case 'hlen':
      return ':2\r\n';
    case 'hgetall':
      return list(['#', 'marker', 'a', '{}'].map((word) => bulk(word)));
    case 'memory':
    case 'del':
    case 'zrem':
      return ':1\r\n';
    case 'info':
      return bulk('run_id:1\r\nrole:master\r\n');
    case 'time':
      return list([bulk('1700000000'), bulk('5')]);
    case 'xadd':
      return bulk('1-1');
    case 'xrevrange':
      return list([list([bulk('1-1'), list([bulk('entry'), bulk('{}')])])]);
    case 'eval':
      return words.some((word) => word.includes('limit:{busy}')) ? list([bulk('epoch')]) : ':1\r\n';
    default:
      return '+OK\r\n';
  }
};

const open = (url: string) => createRedisRegistry({ url, name: 'test', random: () => 0, commandTimeoutMs: 200 });
const hashOptions = (url: string) => ({
  url,
  name: 'test',
  random: () => 0,
  monotonicNowMs: () => performance.now(),
  commandTimeoutMs: 200,
});

/** Replies to one command with the given bytes, and to all other commands honestly. */
const lying =
  (liar: string, reply: string): FakeReply =>
  (command) =>
    command[0]?.toLowerCase() === liar ? reply : honest(command);

describe('a reply of the wrong shape is the fault bad_reply', () => {
  test.each([
    ['scan', ':1\r\n'],
    ['scan', '*-1\r\n'],
    ['scan', list([bulk('0')])],
    ['scan', list([bulk('x'), list([])])],
    ['scan', list([bulk('0'), list([':1\r\n'])])],
    ['scan', list([bulk('0'), '$-1\r\n'])],
    ['scan', list([bulk('0'), list([list([bulk(name)])])])],
    ['mget', '$-1\r\n'],
    ['mget', list([])],
    ['mget', list([':1\r\n'])],
    ['mget', list([list(['$-1\r\n'])])],
    ['mget', list([bulk(text), bulk(text)])],
    ['strlen', '$-1\r\n'],
    ['strlen', ':-5\r\n'],
    ['strlen', bulk('12')],
    ['info', '$-1\r\n'],
    ['info', list([bulk('role:master')])],
  ])('reading nodes: %s %j', async (liar, reply) => {
    await using redis = await startFakeRedis(lying(liar, reply));
    await using registry = open(redis.url);
    await expect(registry.readAll()).rejects.toMatchObject({ code: 'refused', fault: 'bad_reply' });
  });

  test.each([
    ['hlen', bulk('2')],
    ['hlen', list([])],
    ['memory', bulk('x')],
    ['memory', list(['$-1\r\n'])],
    ['hgetall', '$-1\r\n'],
    ['hgetall', ':1\r\n'],
    ['hgetall', bulk('x')],
    ['hgetall', list([bulk('a'), '$-1\r\n'])],
    ['hgetall', list([bulk('a'), list(['$-1\r\n'])])],
    ['hgetall', list([list(['$-1\r\n']), list(['$-1\r\n'])])],
    ['hgetall', list([bulk('a')])],
  ])('reading a hash: %s %j', async (liar, reply) => {
    await using redis = await startFakeRedis(lying(liar, reply));
    await using revocations = createRedisRevocations(hashOptions(redis.url));
    await expect(revocations.readAll()).rejects.toMatchObject({ code: 'refused', fault: 'bad_reply' });
  });

  test.each([
    ['put', 'set', '$-1\r\n'],
    ['put', 'set', ':1\r\n'],
    ['remove', 'del', list([])],
    ['withdrawReplica', 'zrem', '$-1\r\n'],
    ['announceReplica', 'eval', list(['$-1\r\n'])],
    ['announceReplica', 'eval', ':0\r\n'],
    ['readClock', 'time', list([bulk('x'), bulk('1')])],
    ['readClock', 'time', list([':1\r\n'])],
    ['readClock', 'time', '$-1\r\n'],
    ['exchangeLimits', 'eval', '$-1\r\n'],
    ['exchangeLimits', 'eval', list([])],
    ['exchangeLimits', 'eval', list([bulk('epoch'), list(['$-1\r\n'])])],
  ] as const)('%s: %s %j', async (call, liar, reply) => {
    await using redis = await startFakeRedis(lying(liar, reply));
    await using registry = open(redis.url);
    const calls = {
      put: () => registry.put(frankfurt, report, 1_000),
      remove: () => registry.remove(frankfurt),
      withdrawReplica: () => registry.withdrawReplica('a'),
      announceReplica: () => registry.announceReplica('a'),
      readClock: () => registry.readClock(),
      exchangeLimits: () => registry.exchangeLimits('a', [], []),
    };
    expect(await faultOf(calls[call]())).toBe('bad_reply');
  });
});

describe('bytes that are not a reply are the fault bad_reply, and the client recovers', () => {
  test.each([
    ['a null that answers no command', `${bulk('x')}$-1\r\n*-1\r\n`.repeat(20)],
    ['an array that would take gigabytes', '*33554431\r\n'.repeat(7)],
    ['a text that would take gigabytes', '$2147483647\r\n'],
    ['more arrays than the stack can hold', '*1\r\n'.repeat(100_000)],
    ['a push of RESP3', '>2\r\n$10\r\ninvalidate\r\n*-1\r\n'],
    ['a map of RESP3', '%1\r\n+a\r\n+b\r\n'],
    ['a length that is not a number', '$NaN\r\n'],
    ['a response of a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ])('%s', async (_what, bytes) => {
    let isHostile = true;
    await using redis = await startFakeRedis((command) =>
      isHostile && command[0] === 'scan' ? bytes : honest(command),
    );
    await using registry = open(redis.url);
    await expect(registry.readAll()).rejects.toMatchObject({ fault: 'bad_reply' });
    isHostile = false;
    for (let attempt = 0; attempt < 100 && (await faultOf(registry.readAll())) !== undefined; attempt += 1)
      await delay(20);
    expect((await registry.readAll()).records).toHaveLength(1);
  });
});

test('revocations stay in force while Redis replies with nested arrays', async () => {
  let hashReply = list(['#', 'marker', 'user:alice', JSON.stringify({ at_ms: 1 })].map((word) => bulk(word)));
  await using redis = await startFakeRedis((command) => (command[0] === 'hgetall' ? hashReply : honest(command)));
  await using revocations = createRedisRevocations(hashOptions(redis.url));
  await using feed = await watchRevocations(revocations, ({ fault }) => fault);
  hashReply = list([list(['$-1\r\n']), list(['$-1\r\n'])]);
  await feed.refresh();
  expect(feed.seen).toEqual(['1 entries', 'bad_reply']);
});

test('a SCAN that never ends is the fault endless_scan after 20 s', async () => {
  let nowMs = 0;
  await using redis = await startFakeRedis((command) => {
    if (command[0] !== 'scan') return honest(command);
    nowMs += 500;
    return list([bulk(`${nowMs}`), list([bulk(`turn:node:eu-central-1:n${nowMs}`)])]);
  });
  await using registry = createRedisRegistry({
    url: redis.url,
    name: 'test',
    random: () => 0,
    monotonicNowMs: () => nowMs,
  });
  await expect(registry.readAll()).rejects.toMatchObject({
    code: 'unavailable',
    fault: 'endless_scan',
    message: 'Redis is not available: SCAN did not end within 20 s',
  });
});

/** Any reply, of RESP2 or RESP3, valid or cut. */
const leaf = fc.oneof(
  fc.string({ maxLength: 30 }).map((value) => bulk(value)),
  fc.constantFrom(
    '+OK\r\n',
    '-ERR odd\r\n',
    '-NOPERM\r\n',
    '-WRONGTYPE x\r\n',
    '-MOVED 1 127.0.0.1:1\r\n',
    '$-1\r\n',
    '*-1\r\n',
  ),
  fc.constantFrom(':0\r\n', ':-3\r\n', ':9007199254740993\r\n', bulk('0'), bulk(name), bulk(text), bulk('__proto__')),
  fc.constantFrom('_\r\n', '#t\r\n', ',1.5\r\n', '(99\r\n', '=7\r\ntxt:abc\r\n', '>1\r\n+x\r\n', '~0\r\n', '%0\r\n'),
  fc.constantFrom(
    '$99999999999\r\n',
    '*33554431\r\n',
    '$5\r\nab',
    '\r\n',
    '\0',
    '!5\r\nERR x\r\n',
    '|1\r\n+a\r\n+b\r\n:1\r\n',
  ),
);
const nested = fc.oneof(
  leaf,
  fc.array(fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }).map(list)), { maxLength: 4 }).map(list),
);
const hostileReply = fc.oneof(
  nested,
  fc.array(nested, { maxLength: 3 }).map((replies) => replies.join('')),
);

test('no reply to any command ends the process, and each call settles with a result or a RegistryError', async () => {
  const random = seededRandom(16);
  const replies = fc.sample(hostileReply, { seed: 16, numRuns: 20_000 });
  await using redis = await startFakeRedis((command) =>
    random() < 0.5 ? honest(command) : replies[Math.floor(random() * replies.length)],
  );
  const entry = { actor: 'test', action: 'node.drained', subject: 'a/b' } as const;
  const call = { bucket: 'ab', limit: 10, calls: [], wish: 1 };
  const faults = new Map<string, number>();
  let succeeded = 0;
  for (let round = 0; round < 40; round += 1) {
    // A new client each time, since a client waits before it connects again.
    await using registry = createRedisRegistry({ url: redis.url, name: 'test', random: () => 0, commandTimeoutMs: 40 });
    await using keys = createRedisApiKeys({ ...hashOptions(redis.url), commandTimeoutMs: 40 });
    await using log = createRedisAuditLog({ ...hashOptions(redis.url), commandTimeoutMs: 40 });
    const follower = registry.follow();
    const calls = [
      () => follower.read(),
      () => registry.put(frankfurt, report, 1_000),
      () => registry.remove(frankfurt),
      () => registry.announceReplica('a'),
      () => registry.withdrawReplica('a'),
      () => registry.readClock(),
      () => registry.exchangeLimits('a', [call], []),
      () => keys.readAll(),
      () => keys.replace('a', undefined, '{}'),
      () => log.append(entry),
      () => log.append(entry, { of: 'x', is: 'y' }),
      () => log.read({ sinceMs: 0, limit: 10 }),
    ];
    const outcomes = await Promise.allSettled([...calls, ...calls].map((each) => each()));
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') {
        succeeded += 1;
        continue;
      }
      const reason: unknown = outcome.reason;
      if (!(reason instanceof RegistryError)) throw reason;
      const { fault } = reason;
      faults.set(fault, (faults.get(fault) ?? 0) + 1);
    }
  }
  expect(succeeded).toBeGreaterThan(20);
  expect(faults.get('bad_reply')).toBeGreaterThan(100);
});
