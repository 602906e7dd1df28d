import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { Redis } from 'ioredis';
import { createRedisRevocations } from '../revocations/revocations.ts';
import { aclCommandFrom, routerAcl } from './acl-rules.ts';
import { sha256 } from './sha256.fixture.ts';

const options = { passwordSha256: sha256('a password'), acceptsReports: false } as const;
const plain = routerAcl({ ...options, revokes: false });
const revoking = routerAcl({ ...options, revokes: true });

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
  const answer = await server.cli(...aclCommandFrom(revoking).split(' '));
  if (answer !== 'OK\n') throw new Error(`Redis does not take the rules: ${answer}`);
});
afterAll(() => server.stop());

const url = () => server.url.replace('//', `//${revoking.name}:a%20password@`);

test('a router that revokes has the permissions of a router and one more selector', () => {
  expect(revoking.rules).toEqual([...plain.rules, '(~turn:revocations +eval +hget +hset +hsetnx +hdel +hlen)']);
});

test('a router that revokes writes revocations without a refused command', async () => {
  await server.cli('DEL', 'turn:revocations');
  await server.cli('ACL', 'LOG', 'RESET');
  await using revocations = createRedisRevocations({
    url: url(),
    name: 'test',
    random: () => 0,
    monotonicNowMs: () => 0,
  });
  const [bob, alice] = ['{"at_ms":1,"until_ms":2,"turn_users":[]}', '{"at_ms":3,"turn_users":[]}'];
  expect(await revocations.replace('user:bob', undefined, bob)).toBe(true);
  expect(await revocations.replace('user:alice', undefined, alice)).toBe(true);
  expect(await revocations.replace('user:bob', bob, undefined)).toBe(true);
  expect(await revocations.replace('user:alice', alice, bob)).toBe(true);
  expect(await revocations.readAll()).toEqual(new Map([['user:alice', bob]]));
  expect(await revocations.replace('user:alice', bob, undefined)).toBe(true);
  expect(await revocations.readAll()).toEqual(new Map());
  expect(await server.cli('ACL', 'LOG')).toBe('\n');
});

const evalOn = (key: string, call: string) => ['EVAL', `return redis.call(${call})`, '1', key] as const;

test.each([
  ['DEL', 'turn:revocations'],
  ['SET', 'turn:revocations', 'x'],
  ['PEXPIRE', 'turn:revocations', '1'],
  ['RENAME', 'turn:revocations', 'turn:limit:x'],
  ['HSET', 'turn:api-keys', 'mine', '{}'],
  ['HDEL', 'turn:api-keys', 'name'],
  ['HGET', 'turn:api-keys', 'name'],
  ['HSETNX', 'turn:limit:{0}:0f', 'x', '9'],
  ['HSET', 'turn:node:eu-central-1:node-02', 'x', '9'],
  evalOn('turn:revocations', "'DEL', KEYS[1]"),
  evalOn('turn:revocations', "'PEXPIRE', KEYS[1], 1"),
  evalOn('turn:api-keys', "'HDEL', KEYS[1], 'name'"),
  ['EVAL', "return redis.call('HDEL', KEYS[2], 'name')", '2', 'turn:revocations', 'turn:api-keys'],
  ['EVAL', "return redis.call('HDEL', 'turn:api-keys', 'name')", '1', 'turn:revocations'],
])('a stolen credential of a router that revokes is refused: %s %s', async (command, ...args) => {
  await server.cli('DEL', 'turn:api-keys');
  await server.cli('HSET', 'turn:api-keys', 'name', '{}');
  await server.cli('HSET', 'turn:revocations', 'user:alice', '{}');
  const thief = new Redis(url(), { enableReadyCheck: false });
  try {
    await expect(thief.call(command, ...args)).rejects.toThrow(/NOPERM|ACL failure|can't (access|run)/);
  } finally {
    thief.disconnect();
  }
  expect(await server.cli('HGET', 'turn:revocations', 'user:alice')).toBe('{}\n');
  expect(await server.cli('HGETALL', 'turn:api-keys')).toBe('name\n{}\n');
});
