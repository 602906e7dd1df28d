import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRedisApiKeys, createRedisRevocations } from '@turn-router/registry';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { createKey, newKey } from './keys/create-key.ts';
import { importKeys } from './keys/import-keys.ts';
import { revokeKey } from './keys/revoke-key.ts';
import { rotateKey } from './keys/rotate-key.ts';
import { listKeys } from './keys/stored-keys.ts';
import type { OperationParts } from './operation-parts.ts';
import { importRevocations } from './revocations/import-revocations.ts';
import { liftSubject } from './revocations/lift-subject.ts';
import { listRevocations } from './revocations/list-revocations.ts';
import { revokeSubject } from './revocations/revoke-subject.ts';
import { contentOf, openInRedis } from './stores.fixture.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => server.cli('FLUSHALL'));

const actor = 'turnctl:kim@ops-1';
const create = (parts: OperationParts, id = 'web', startsAnew = false) =>
  createKey(parts, actor, newKey({ id, scope: {} }, parts), { startsAnew });
const revoke = (parts: OperationParts, subject = 'user:alice', startsAnew = false) =>
  revokeSubject(parts, actor, { subject, startsAnew });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ code }: { code: string }) => code,
  );

/** Does what a router does that holds two keys and two revocations when Redis is emptied. */
async function reportHeld(): Promise<void> {
  const options = { url: server.url, name: 'router', random: () => 0, monotonicNowMs: () => performance.now() };
  for (const open of [createRedisApiKeys, createRedisRevocations]) {
    await using store = open(options);
    await store.reportHeld(2);
  }
}

const losses: [string, lose: () => Promise<unknown>][] = [
  ['the hashes are deleted', () => server.cli('DEL', 'turn:api-keys', 'turn:revocations')],
  ['Redis is emptied while a router runs', () => server.cli('FLUSHALL').then(reportHeld)],
];

describe.each(losses)('after %s', (_, lose) => {
  test('nothing recreates them by accident, and the lists say so', async () => {
    await using stores = openInRedis(server.url);
    await create(stores.parts);
    await revoke(stores.parts);
    await stores.written();
    await lose();
    const { parts } = stores;
    expect(
      await Promise.all([
        codeOf(create(parts, 'app')),
        codeOf(rotateKey(parts, actor, 'web')),
        codeOf(revokeKey(parts, actor, { id: 'web', secrets: 'all' })),
        codeOf(revoke(parts, 'user:bob')),
        codeOf(liftSubject(parts, actor, 'user:alice')),
      ]),
    ).toEqual(['keys_lost', 'keys_lost', 'keys_lost', 'revocations_lost', 'revocations_lost']);
    expect(await server.cli('EXISTS', 'turn:api-keys', 'turn:revocations')).toBe('0\n');
    expect([(await listKeys(parts)).loss, (await listRevocations(parts)).loss]).not.toContain(undefined);
  });

  test('an import restores them, and changes are possible again', async () => {
    await using stores = openInRedis(server.url);
    const { parts } = stores;
    await create(parts);
    await revoke(parts);
    await stores.written();
    const [keys, revocations] = [await parts.keys.readAll(), await parts.revocations.readAll()];
    await lose();
    await importKeys(parts, actor, { entries: keys ?? new Map(), overwrites: false });
    await importRevocations(parts, actor, { entries: revocations ?? new Map(), overwrites: false });
    await create(parts, 'app');
    await revoke(parts, 'user:bob');
    expect(Object.keys(await contentOf(parts.keys)).toSorted()).toEqual(['app', 'web']);
    expect(Object.keys(await contentOf(parts.revocations)).toSorted()).toEqual(['user:alice', 'user:bob']);
  });

  test('an operator can begin anew', async () => {
    await using stores = openInRedis(server.url);
    await create(stores.parts);
    await revoke(stores.parts);
    await stores.written();
    await lose();
    await create(stores.parts, 'app', true);
    await revoke(stores.parts, 'user:bob', true);
    expect(Object.keys(await contentOf(stores.parts.keys))).toEqual(['app']);
  });
});

test('a revocation of a whole key does not need the lost keys', async () => {
  await using stores = openInRedis(server.url);
  await create(stores.parts);
  await revoke(stores.parts);
  await stores.written();
  await server.cli('DEL', 'turn:api-keys');
  const request = { subject: 'key:web', takeKeyFrom: stores.parts.keys };
  expect(await revokeSubject(stores.parts, actor, request)).toMatchObject({ isKeyTakenAway: false });
  expect(await server.cli('EXISTS', 'turn:api-keys')).toBe('0\n');
});

test('a fresh Redis with audit entries of nodes takes its first key and revocation', async () => {
  await using stores = openInRedis(server.url);
  stores.parts.trail.record({ actor: 'router:a', action: 'node.draining', subject: 'eu-1/node-01' });
  await stores.written();
  expect(await Promise.all([codeOf(create(stores.parts)), codeOf(revoke(stores.parts))])).toEqual(['done', 'done']);
});

test('one lost hash does not block the other', async () => {
  await using stores = openInRedis(server.url);
  await create(stores.parts);
  await stores.written();
  await server.cli('DEL', 'turn:api-keys');
  expect(await codeOf(revoke(stores.parts))).toBe('done');
});
