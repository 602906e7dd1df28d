import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  eventually,
  startRedis,
  temporaryDirectory,
  type RedisServer,
  type TemporaryDirectory,
} from '@turn-router/testing';
import type { Caller } from '../auth/caller.ts';
import { identifyCaller } from '../auth/identify-caller.ts';
import { createLogger } from '../../observe/logger.ts';
import { createMetrics } from '../../observe/metrics.ts';
import { followRevocations } from './follow-revocations.ts';
import { letOthersReach } from './small-disk.fixture.ts';

const alice: Caller = { kind: 'jwt', userId: 'alice', scope: {} };
const record = '{"at_ms":1,"reason":"spam","turn_users":["3q2-7wABCd_f"]}';

let redis: RedisServer;
let directory: TemporaryDirectory;
beforeAll(async () => {
  redis = await startRedis();
  directory = await temporaryDirectory('follow-revocations');
});
afterAll(async () => {
  await redis.stop();
  await directory[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await redis.cli('FLUSHALL');
  await rm(join(directory.path, 'state'), { recursive: true, force: true });
});

/** Follows revocations as the router does, and collects its log lines. */
async function follow({
  redisUrls = redis.url,
  writesState = true,
}: { redisUrls?: string | undefined; writesState?: boolean } = {}) {
  const lines: { msg: string; user?: string; key?: string }[] = [];
  const metrics = createMetrics();
  const followed = await followRevocations(
    { redisUrls: redisUrls === '' ? undefined : redisUrls, stateDir: join(directory.path, 'state'), writesState },
    {
      nowMs: () => 2,
      monotonicNowMs: () => performance.now(),
      random: () => 0,
      logger: createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) }),
      metrics,
      opaqueUserId: (subject) => `hash of ${subject.length} chars`,
    },
  );
  return { ...followed, isAliceRevoked: () => followed.isRevoked(identifyCaller(alice, undefined)), lines, metrics };
}

const stateFile = () => join(directory.path, 'state', 'revocations.json');
const nowhere = 'redis://127.0.0.1:1';

/** Only root may become another user. */
const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot('for another user', () => {
  test('revocations that the user of the router cannot read are named with the file and the remedy, which works without a restart', async () => {
    await mkdir(dirname(stateFile()), { recursive: true });
    await writeFile(stateFile(), '{}', { mode: 0o600 });
    await letOthersReach(directory.path);
    await chmod(dirname(stateFile()), 0o777);
    process.seteuid?.(65_534);
    try {
      await using router = await follow({ redisUrls: '' });
      expect(router.lines).toContainEqual(
        expect.objectContaining({
          event: 'revocations.incomplete',
          fault: 'no_permission',
          detail: 'EACCES',
          file: stateFile(),
          remedy: 'make the user of the router the owner of this file',
        }),
      );
      process.seteuid?.(0);
      await chown(stateFile(), 65_534, 65_534);
      process.seteuid?.(65_534);
      await router.refresh();
      expect(router.isComplete()).toBe(true);
    } finally {
      process.seteuid?.(0);
    }
  });
});

test('a revocation that was not written is named with its marker', async () => {
  await mkdir(dirname(stateFile()), { recursive: true });
  await writeFile(`${stateFile()}.unsaved-x`, '');
  await using router = await follow({ redisUrls: '' });
  expect(router.lines).toContainEqual(
    expect.objectContaining({ event: 'revocations.incomplete', file: `${stateFile()}.unsaved-x` }),
  );
});

describe('the revocations of a router', () => {
  test('are known at the start, and kept on disk for a start while Redis is away', async () => {
    await redis.cli('HSET', 'turn:revocations', 'user:alice', record);
    {
      await using before = await follow();
      expect(before.isAliceRevoked()).toBe(true);
    }
    expect(JSON.parse(await readFile(stateFile(), 'utf8'))).toMatchObject({ 'user:alice': record });
    await using after = await follow({ redisUrls: nowhere });
    expect(after.isAliceRevoked()).toBe(true);
    expect(after.lines.map(({ msg }) => msg)).toEqual([
      'revocations loaded',
      'cannot read the revocations: keeping the last known revocations',
      'refused a revoked caller: further refusals of this subject are not logged for one minute',
    ]);
    expect(after.lines.at(-1)).toMatchObject({ user: 'hash of 10 chars' });
  });

  test('log nothing if there are none', async () => {
    await using followed = await follow();
    expect([followed.isAliceRevoked(), followed.lines]).toEqual([false, []]);
  });

  test('follow changes; an invalid entry is counted and logged', async () => {
    await using followed = await follow({ writesState: false });
    await redis.cli('HSET', 'turn:revocations', 'user:alice', record, 'alice', record);
    await eventually('alice to be refused', () => followed.isAliceRevoked());
    const text = await followed.metrics.text();
    expect(text).toContain('turn_router_revocations{state="valid"} 1');
    expect(text).toContain('turn_router_revocations{state="rejected"} 1');
    expect(followed.lines.map(({ msg }) => msg)).toContain('ignoring invalid revocation');
    await redis.cli('HDEL', 'turn:revocations', 'user:alice');
    await eventually('alice to be let in again', () => !followed.isAliceRevoked());
    await expect(stat(stateFile())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('that Redis has lost stay in force, are shown as lost, and are reported to turnctl', async () => {
    await redis.cli('HSET', 'turn:revocations', 'user:alice', record);
    await using followed = await follow();
    await redis.cli('FLUSHALL');
    await eventually(
      'the loss to be reported',
      async () => (await redis.cli('GET', 'turn:held:revocations')) === '1\n',
    );
    expect(followed.isAliceRevoked()).toBe(true);
    expect(await followed.metrics.text()).toContain('turn_router_auth_data_lost{source="revocations"} 1');
    expect(await followed.store.findLoss()).toEqual({ sign: 'held', entries: 1 });
  });

  test('are kept in this process without Redis, and survive a restart', async () => {
    {
      await using followed = await follow({ redisUrls: '' });
      expect(await followed.store.replace('user:alice', undefined, record)).toBe(true);
      expect(await followed.store.replace('user:alice', undefined, record)).toBe(false);
      await eventually('alice to be refused', () => followed.isAliceRevoked());
    }
    await using after = await follow({ redisUrls: '' });
    expect(after.isAliceRevoked()).toBe(true);
    expect(await after.store.replace('user:alice', record, undefined)).toBe(true);
    await eventually('alice to be let in again', () => !after.isAliceRevoked());
  });
});
