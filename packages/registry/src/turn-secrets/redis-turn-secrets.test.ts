import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { aclCommandFrom, coturnAcl, secretStoreAcl, type AclUser } from '../acl/acl-rules.ts';
import { sha256 } from '../acl/sha256.fixture.ts';
import { createRedisTurnSecrets } from './redis-turn-secrets.ts';
import { turnSecretsKey } from './turn-secrets-key.ts';

const realm = 'turn.test';
const key = turnSecretsKey(realm);
const passwordSha256 = sha256('a password');
const coturn = coturnAcl(realm, { passwordSha256 });
const writer = secretStoreAcl(realm, { passwordSha256 });

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
  for (const user of [coturn, writer]) {
    const answer = await server.cli(...aclCommandFrom(user).split(' '));
    if (answer !== 'OK\n') throw new Error(`Redis does not take the rules: ${answer}`);
  }
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.cli('FLUSHALL');
  await server.cli('SADD', turnSecretsKey('other.test'), 'of-another-realm');
  await server.cli('ACL', 'LOG', 'RESET');
});

const open = ({ name }: Pick<AclUser, 'name'>, database = '') =>
  createRedisTurnSecrets({
    url: `${server.url.replace('//', `//${name}:a%20password@`)}${database}`,
    realm,
    name: 'test',
    random: () => 0,
    monotonicNowMs: () => 0,
    commandTimeoutMs: 60_000,
  });

describe('the secrets of a realm in Redis', () => {
  test.each(['', '/3'])('can be added and removed without a refused command in the database "%s"', async (database) => {
    await using store = open(writer, database);
    expect(await store.readAll()).toEqual(new Set());
    await store.add(['old', 'new']);
    await store.add(['new']);
    expect(await store.readAll()).toEqual(new Set(['old', 'new']));
    await store.remove(['old', 'never-stored']);
    expect(await store.readAll()).toEqual(new Set(['new']));
    expect(await server.cli('ACL', 'LOG')).toBe('\n');
    expect(await server.cli('SMEMBERS', turnSecretsKey('other.test'))).toBe('of-another-realm\n');
  });

  test('are read by the user of coturn, who cannot change them', async () => {
    await server.cli('SADD', key, 'old');
    await using store = open(coturn);
    expect(await store.readAll()).toEqual(new Set(['old']));
    const refused = expect.objectContaining({ code: 'refused', fault: 'no_permission' });
    await expect(store.add(['mine'])).rejects.toEqual(refused);
    await expect(store.remove(['old'])).rejects.toEqual(refused);
  });

  test('cannot be read if the key has another type', async () => {
    await server.cli('SET', key, 'a text');
    await using store = open(writer);
    await expect(store.readAll()).rejects.toMatchObject({ code: 'refused' });
  });
});

test.each([
  ['coturn', 'KEYS *'],
  ['coturn', 'SMEMBERS turn/realm/other.test/secret'],
  ['coturn', 'GET turn:node:eu-1:node-01'],
  ['coturn', 'HGETALL turn:api-keys'],
  ['coturn', 'SADD turn/realm/turn.test/secret mine'],
  ['coturn', 'SCAN 0'],
  ['secrets', 'SADD turn/realm/other.test/secret mine'],
  ['secrets', 'SMEMBERS turn/realm/other.test/secret'],
  ['secrets', 'DEL turn/realm/turn.test/secret'],
  ['secrets', 'FLUSHALL'],
  ['secrets', 'CONFIG GET *'],
])('Redis refuses the user %s-turn.test: %s', async (user, command) => {
  const login = ['--user', `${user}-${realm}`, '--pass', 'a password', '--no-auth-warning'];
  expect(await server.cli(...login, ...command.split(' '))).toMatch(/^NOPERM/);
});
