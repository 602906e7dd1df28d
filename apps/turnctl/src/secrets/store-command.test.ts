import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { aclCommandFrom, coturnAcl, secretStoreAcl, turnSecretsKey } from '@turn-router/registry';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { runCommand } from '../run-command.fixture.ts';

const north = 'kJ8-first-north-secret';
const south = 'sL2/second+south-secret=';
const realm = 'turn-1.example.org';
const key = turnSecretsKey(realm);

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
  const passwordSha256 = createHash('sha256').update('password-1').digest('hex');
  for (const user of [coturnAcl(realm, { passwordSha256 }), secretStoreAcl(realm, { passwordSha256 })]) {
    const answer = await redis.cli(...aclCommandFrom(user).split(' '));
    if (answer !== 'OK\n') throw new Error(`Redis does not take the rules: ${answer}`);
  }
});
afterAll(() => redis.stop());
beforeEach(async () => {
  await redis.cli('FLUSHALL');
  await redis.cli('ACL', 'LOG', 'RESET');
});

const urlFor = (user: string) => redis.url.replace('//', `//${user}-${realm}:password-1@`);
const stored = async () => (await redis.cli('SMEMBERS', key)).trim().split('\n').toSorted();

const store = (environment: Record<string, string>, ...args: string[]) =>
  runCommand(['secrets', 'store', ...args], {
    environment: { TURN_HOSTNAME: realm, COTURN_REDIS_URL: urlFor('secrets'), ...environment },
  });

describe('turnctl secrets store', () => {
  test('adds the secrets, and removes others only with --remove-others', async () => {
    expect(await store({ TURN_SECRETS: `a=${north}` })).toEqual({
      status: 0,
      stdout: `coturn now accepts the keys a in the realm ${realm} (new: a).\n`,
      stderr: '',
    });
    expect(await stored()).toEqual([north]);
    const both = { TURN_SECRETS: `b=${south},a=${north}` };
    expect((await store(both)).stdout).toBe(`coturn now accepts the keys b, a in the realm ${realm} (new: b).\n`);
    expect((await store(both, '--remove-others')).stdout).toBe(
      `coturn now accepts the keys b, a in the realm ${realm} (no new one).\nRemoved 0 other secrets.\n`,
    );
    const newest = { TURN_SECRETS: `b=${south}` };
    expect((await store(newest)).stdout).toBe(
      `coturn now accepts the keys b in the realm ${realm} (no new one).\n` +
        'coturn also accepts 1 other secrets. To remove them, use --remove-others.\n',
    );
    expect(await stored()).toEqual([north, south]);
    expect((await store(newest, '--remove-others')).stdout).toBe(
      `coturn now accepts the keys b in the realm ${realm} (no new one).\nRemoved 1 other secrets.\n`,
    );
    expect(await stored()).toEqual([south]);
    expect(await redis.cli('ACL', 'LOG')).toBe('\n');
  });

  test('uses TURN_REALM before TURN_HOSTNAME, as "turnctl config" does', async () => {
    const environment = { TURN_SECRET: north, TURN_HOSTNAME: 'other.example.org', TURN_REALM: realm };
    expect((await store(environment)).status).toBe(0);
    expect(await stored()).toEqual([north]);
  });

  test.each<[what: string, environment: () => Record<string, string>, message: string]>([
    [
      'every fault of the settings',
      () => ({ COTURN_REDIS_URL: 'rediss://u:the-password@a', TURN_REALM: 'a*b' }),
      `TURN_REALM: Not usable in a TURN server configuration: expected only letters, digits, ".", "_" and "-"
COTURN_REDIS_URL: this URL asks for TLS: expected redis://…, because not every coturn supports TLS; use a Redis on the host of coturn
TURN_SECRETS: Missing: expected TURN_SECRETS or TURN_SECRET`,
    ],
    [
      'master keys',
      () => ({ TURN_SECRETS: `b=${south},a=${north}`, TURN_SECRET_MODE: 'per-node' }),
      'TURN_SECRET_MODE: per-node is not allowed for a single node: unset TURN_SECRET_MODE, and set TURN_SECRETS to the output of "turnctl secrets derive"',
    ],
    [
      'the read-only user of coturn',
      () => ({ TURN_SECRET: north, COTURN_REDIS_URL: urlFor('coturn') }),
      `COTURN_REDIS_URL: Redis refused the command: NOPERM: create a user with "npm run redis-acl -- --secret-store ${realm}"`,
    ],
    [
      'a wrong password',
      () => ({ TURN_SECRET: north, COTURN_REDIS_URL: urlFor('secrets').replace('password-1', 'password-2') }),
      'COTURN_REDIS_URL: Redis refused the command: WRONGPASS',
    ],
    [
      'a Redis that does not listen',
      () => ({ TURN_SECRET: north, COTURN_REDIS_URL: 'redis://127.0.0.1:1' }),
      'COTURN_REDIS_URL: Redis is not available: ECONNREFUSED',
    ],
  ])('rejects %s with exit code 2, and changes nothing', async (_what, environment, message) => {
    await redis.cli('SADD', key, 'of-before');
    expect(await store(environment(), '--remove-others')).toEqual({ status: 2, stdout: '', stderr: `${message}\n` });
    expect(await stored()).toEqual(['of-before']);
  });
});
