import { describe, expect, test } from '@jest/globals';
import { eventually } from '@turn-router/testing';
import fc from 'fast-check';
import { faultOf } from './calls.fixture.ts';
import { bulk, list, startFakeRedis, type FakeRedis, type FakeReply } from './fake-redis.fixture.ts';
import { createRedisRegistry } from './redis-registry.ts';

/** A crash is an exception that nobody catches. Then the test runner fails the test. */
const open = (url: string) => createRedisRegistry({ url, name: 'test', random: () => 0, commandTimeoutMs: 100 });

const portOf = ({ url }: FakeRedis) => Number(new URL(url).port);
const sentinelUrl = (redis: FakeRedis) => `redis+sentinel://127.0.0.1:${portOf(redis)}/main?read=replica`;
const clusterUrl = (redis: FakeRedis) => `redis+cluster://127.0.0.1:${portOf(redis)}`;

/** The replies of a healthy Redis without nodes. */
const honest: FakeReply = ([command = '']) => {
  if (command === 'scan') return list([bulk('0'), list([])]);
  return command === 'info' ? bulk('run_id:1\r\nrole:master\r\n') : '+OK\r\n';
};

/** Replies that are no answer, or that answer more than was asked. */
const unsolicited = [
  '$-1\r\n',
  '*-1\r\n',
  '*1\r\n$-1\r\n',
  '*2\r\n*-1\r\n*1\r\n$-1\r\n',
  '*0\r\n',
  ':1\r\n',
  '+\r\n',
  '>1\r\n+x\r\n',
  '%1\r\n',
  '$999999999999\r\n',
  '*1\r\n'.repeat(1_000),
  list([bulk('message'), '$-1\r\n', '$-1\r\n']),
  list([bulk('subscribe')]),
  list(['$-1\r\n', bulk('+switch-master'), ':1\r\n']),
];

/** Tries for some rounds of connections. Each call settles, and no exception is left. */
async function torture(url: string): Promise<(string | undefined)[]> {
  await using registry = open(url);
  const faults: (string | undefined)[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    faults.push(await faultOf(registry.readAll()), await faultOf(registry.readClock()));
  }
  return faults;
}

describe('a hostile sentinel', () => {
  test.each(unsolicited)('may send more than it was asked: %j', async (reply) => {
    await using sentinel = await startFakeRedis(() => `+OK\r\n${reply}`);
    expect(await torture(sentinelUrl(sentinel))).not.toContain(undefined);
  });

  test.each(unsolicited)('may reply anything: %j', async (reply) => {
    await using sentinel = await startFakeRedis(() => reply);
    expect(await torture(sentinelUrl(sentinel))).not.toContain(undefined);
  });

  test.each(unsolicited)('may publish anything: %j', async (reply) => {
    await using redis = await startFakeRedis(honest);
    let published = 0;
    await using sentinel = await startFakeRedis(([command]) => {
      if (command === 'sentinel') return list([bulk('127.0.0.1'), bulk(`${portOf(redis)}`)]);
      if (command !== 'subscribe') return '+OK\r\n';
      published += 1;
      return list([bulk('subscribe'), bulk('+switch-master'), ':1\r\n']) + reply;
    });
    await using registry = open(`redis+sentinel://127.0.0.1:${portOf(sentinel)}/main`);
    await eventually('a subscription', () => Promise.resolve(published > 0));
    expect(await faultOf(registry.readAll())).toBeUndefined();
  });

  test.each([
    list(['$-1\r\n', '$-1\r\n']),
    list([list([bulk('x')]), ':5\r\n']),
    list([bulk('127.0.0.1'), bulk('99999')]),
    list([bulk('127.0.0.1'), bulk('abc')]),
    list([bulk(''), bulk('')]),
    list([list(['$-1\r\n'])]),
    list([list([bulk('flags'), list([])])]),
    ':7\r\n',
  ])('may name anything: %j', async (reply) => {
    await using sentinel = await startFakeRedis(([command]) => (command === 'sentinel' ? reply : '+OK\r\n'));
    expect(await torture(sentinelUrl(sentinel))).not.toContain(undefined);
  });
});

const isSlots = ([command, subcommand]: readonly string[]) =>
  command?.toLowerCase() === 'cluster' && subcommand?.toLowerCase() === 'slots';
const isSetup = ([command = '']: readonly string[]) => ['client', 'asking', 'readonly', 'info'].includes(command);
const node = (port: number) => list([bulk('127.0.0.1'), `:${port}\r\n`, bulk('id')]);
const slots = (port: number) => list([list([':0\r\n', ':16383\r\n', node(port)])]);

/** A cluster of one node. Its slots and its replies to commands are given. */
async function startFakeCluster(
  slotsFrom: (port: number) => string,
  replyTo: (port: number) => FakeReply = () => honest,
): Promise<FakeRedis> {
  let port = 0;
  const redis = await startFakeRedis((command) => {
    if (isSlots(command)) return slotsFrom(port);
    return isSetup(command) ? honest(command) : replyTo(port)(command);
  });
  port = portOf(redis);
  return redis;
}

describe('a hostile node of a cluster', () => {
  test.each<[string, string]>([
    ['null', '$-1\r\n'],
    ['a null list', '*-1\r\n'],
    ['a number', ':5\r\n'],
    ['a text', bulk('x')],
    ['a list with null', '*1\r\n$-1\r\n'],
    ['a list with a null list', '*1\r\n*-1\r\n'],
    ['a list with a number', '*1\r\n:4\r\n'],
    ['a range without a node', list([list([':0\r\n', ':16383\r\n', '*-1\r\n'])])],
    ['a node that is null', list([list([':0\r\n', ':16383\r\n', '$-1\r\n'])])],
    ['a node of lists', list([list([':0\r\n', ':16383\r\n', list([list([]), list([])])])])],
    ['a port that is too large', list([list([':0\r\n', ':16383\r\n', list([bulk('x'), ':70000\r\n'])])])],
    ['a slot that is too large', list([list([':0\r\n', ':2000000000\r\n', node(1)])])],
    ['a negative slot', list([list([':-5\r\n', ':16383\r\n', node(1)])])],
    ['slots that are texts', list([list([bulk('a'), bulk('b'), node(1)])])],
    ['ranges that overlap', list(Array.from({ length: 3 }, () => list([':0\r\n', ':16383\r\n', node(1)])))],
  ])('may reply anything to CLUSTER SLOTS: %s', async (_what, reply) => {
    await using redis = await startFakeCluster(() => reply);
    const faults = await torture(clusterUrl(redis));
    expect(faults).not.toContain(undefined);
    expect(faults).toContain('bad_reply');
  });

  test.each(unsolicited)('may send more than CLUSTER SLOTS: %j', async (reply) => {
    await using redis = await startFakeCluster((port) => slots(port) + reply);
    expect((await torture(clusterUrl(redis))).length).toBe(8);
  });

  test.each([
    '-ASK x :::\r\n',
    '-ASK\r\n',
    '-ASK 1\r\n',
    '-ASK 1 nowhere\r\n',
    '-ASK 1 127.0.0.1:1\r\n',
    '-ASK 1 127.0.0.1:99999\r\n',
    '-MOVED\r\n',
    '-MOVED 1\r\n',
    '-MOVED 1 nowhere\r\n',
    '-MOVED 1 :::\r\n',
    '-MOVED 1 127.0.0.1:1\r\n',
    '-MOVED 1 127.0.0.1:99999\r\n',
    '-MOVED __proto__ 127.0.0.1:1\r\n',
    list(['-MOVED 1\r\n', '-ASK\r\n']),
  ])('may redirect anywhere: %j', async (reply) => {
    await using redis = await startFakeCluster(slots, () => () => reply);
    expect(await torture(clusterUrl(redis))).not.toContain(undefined);
  });
});

test('a cluster that replies like any server, to any command, does not end the process', async () => {
  const reply = fc.oneof(
    fc.constantFrom(...unsolicited),
    fc.string({ maxLength: 20 }).map((text) => `-ASK ${text.replaceAll(/[\r\n]/g, '')}\r\n`),
    fc.string({ maxLength: 20 }).map((text) => `-MOVED 5 ${text.replaceAll(/[\r\n]/g, '')}\r\n`),
    fc.array(fc.integer({ min: -2, max: 20_000 }), { maxLength: 4 }).map((numbers) => {
      return list([list([...numbers.map((each) => `:${each}\r\n`), node(1)])]);
    }),
  );
  const replies = fc.sample(reply, { seed: 16, numRuns: 400 });
  let next = 0;
  const any = () => replies[(next += 1) % replies.length] ?? '';
  await using redis = await startFakeCluster(
    (port) => (next % 3 === 0 ? any() : slots(port)),
    () => any,
  );
  for (let round = 0; round < 60; round += 1) expect((await torture(clusterUrl(redis))).length).toBe(8);
  expect(next).toBeGreaterThan(90);
}, 60_000);
