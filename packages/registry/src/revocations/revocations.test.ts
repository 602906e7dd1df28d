import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { createRedisRevocations, startRevocationFeed } from './revocations.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => server.cli('FLUSHALL'));

/** Follows the revocations, and reads only on refresh(). */
async function follow() {
  const said: unknown[] = [];
  const revocations = createRedisRevocations({
    url: server.url,
    name: 'test',
    random: () => 0,
    monotonicNowMs: () => performance.now(),
  });
  const feed = startRevocationFeed(
    revocations,
    {
      onEntries: (entries, rejected) =>
        said.push(
          [...entries.keys()],
          rejected.map(({ name }) => name),
        ),
      onMissing: () => said.push('missing'),
      onLost: () => said.push('lost'),
      onFound: () => said.push('found'),
    },
    { intervalMs: 3_600_000 },
  );
  await feed.firstReading;
  said.splice(0);
  return {
    revocations,
    async next() {
      await feed.refresh();
      return said.splice(0);
    },
    async [Symbol.asyncDispose]() {
      await feed[Symbol.asyncDispose]();
      await revocations[Symbol.asyncDispose]();
    },
  };
}

test('the feed reports a revocation until it is lifted, and skips invalid ones', async () => {
  await using followed = await follow();
  await followed.revocations.replace('user:alice', undefined, '{"at_ms":1}');
  expect(await followed.next()).toEqual([['user:alice'], []]);
  await server.cli('HSET', 'turn:revocations', 'alice', '{"at_ms":1}', 'user:bob', '{"at_ms":"x"}');
  expect(await followed.next()).toEqual([['user:alice'], ['alice', 'user:bob']]);
  await server.cli('HDEL', 'turn:revocations', 'alice', 'user:bob');
  await followed.revocations.replace('user:alice', '{"at_ms":1}', undefined);
  expect(await followed.next()).toEqual([[], []]);
});

test('the feed keeps all revocations when Redis was emptied', async () => {
  await using followed = await follow();
  await followed.revocations.replace('user:alice', undefined, '{"at_ms":1}');
  await followed.next();
  await server.cli('FLUSHALL');
  expect(await followed.next()).toEqual(['missing']);
});
