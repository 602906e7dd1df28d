import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { createRedisRevocations } from '../revocations/revocations.ts';
import { watchRevocations } from './watched-revocations.fixture.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => server.cli('FLUSHALL'));

const open = (onCheckSkipped?: () => void) =>
  createRedisRevocations({
    url: server.url,
    name: 'test',
    random: () => 0,
    monotonicNowMs: () => performance.now(),
    onCheckSkipped,
  });
const revoke = (subject: string) => server.cli('HSET', 'turn:revocations', subject, JSON.stringify({ at_ms: 1 }));

/** Adds a value of 40 MB without sending it. */
const addHugeValue = () =>
  server.cli('EVAL', `return redis.call('HSET', KEYS[1], 'huge', string.rep('x', 40000000))`, '1', 'turn:revocations');

const countOf = async (command: string) =>
  Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await server.cli('INFO', 'commandstats'))?.[1] ?? 0);

test('a hash with a huge value is refused before it is read, and the known revocations stay in force', async () => {
  await using revocations = open();
  await revoke('user:alice');
  await using feed = await watchRevocations(revocations);
  await addHugeValue();
  await server.cli('CONFIG', 'RESETSTAT');
  await feed.refresh();
  await feed.refresh();
  expect(await countOf('hgetall')).toBe(0);
  await server.cli('HDEL', 'turn:revocations', 'huge');
  await revoke('user:bob');
  await feed.refresh();
  const tooLarge = expect.stringMatching(/^turn:revocations takes \d\d MiB: expected at most 32 MiB$/);
  expect(feed.seen).toEqual(['1 entries', tooLarge, 'found', '2 entries']);
});

test('a hash with a huge name is refused before it is read', async () => {
  await using revocations = open();
  await server.cli(
    'EVAL',
    `return redis.call('HSET', KEYS[1], string.rep('x', 40000000), '')`,
    '1',
    'turn:revocations',
  );
  await expect(revocations.readAll()).rejects.toMatchObject({ code: 'refused' });
});

test('without permission for MEMORY the hash is read, which is said once, and a huge reply is refused as it arrives', async () => {
  let skipped = 0;
  await server.cli('ACL', 'SETUSER', 'default', '-memory');
  try {
    await using revocations = open(() => {
      skipped += 1;
    });
    await revoke('user:alice');
    for (let reading = 0; reading < 100; reading += 1) expect((await revocations.readAll())?.size).toBe(1);
    expect(skipped).toBe(1);
    await addHugeValue();
    await expect(revocations.readAll()).rejects.toMatchObject({ fault: 'bad_reply' });
  } finally {
    await server.cli('ACL', 'SETUSER', 'default', '+memory');
  }
});
