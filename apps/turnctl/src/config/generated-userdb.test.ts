import { createHash } from 'node:crypto';
import { aclCommandFrom, coturnAcl, secretStoreAcl } from '@turn-router/registry';
import { allocateAndRelease, coturnVersionFrom, holdAllocation, isOlderCoturn } from '@turn-router/stun';
import { eventually, startRedis } from '@turn-router/testing';
import { issueCredential } from '@turn-router/turn-credentials';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runCommand } from '../run-command.fixture.ts';
import { north, south } from './run-config.fixture.ts';
import { installedCoturn, startGeneratedCoturn } from './start-generated-coturn.fixture.ts';

const options = { timeoutMs: 60_000 };
const realm = 'turn-router';
const password = 'password-of-coturn';
const passwordSha256 = createHash('sha256').update(password).digest('hex');

type Parts = Awaited<ReturnType<typeof startNode>>;
let parts: Parts;
beforeEach(async () => {
  parts = await startNode();
});
afterEach(async () => {
  await parts.coturn[Symbol.asyncDispose]();
  await parts.redis().stop();
});

/** Starts a Redis with both users. Older versions of coturn log in as `default`. */
async function startSecretRedis(coturnUser: string, port?: number) {
  const redis = await startRedis(port === undefined ? {} : { port });
  const users = [
    secretStoreAcl(realm, { passwordSha256 }),
    { ...coturnAcl(realm, { passwordSha256 }), name: coturnUser },
  ];
  for (const user of users) {
    const answer = await redis.cli(...aclCommandFrom(user).split(' '));
    if (answer !== 'OK\n') throw new Error(`Redis does not take the rules: ${answer}`);
  }
  return redis;
}

async function startNode() {
  const version = coturnVersionFrom(`coturn-${await installedCoturn()}`);
  const readsUser = version !== undefined && !isOlderCoturn(version, [4, 6, 3]);
  const coturnUser = readsUser ? `coturn-${realm}` : 'default';
  let redis = await startSecretRedis(coturnUser);
  const { port } = redis;
  const urlFor = (user: string) => redis.url.replace('//', `//${user}:${password}@`);
  const coturn = await startGeneratedCoturn({
    environment: { COTURN_REDIS_URL: urlFor(readsUser ? coturnUser : '') },
    args: ['--redis-userdb'],
  });
  const store = async (turnSecrets: string, ...args: string[]) => {
    const environment = { TURN_SECRETS: turnSecrets, COTURN_REDIS_URL: urlFor(`secrets-${realm}`) };
    const { status, stderr } = await runCommand(['secrets', 'store', ...args], { environment });
    if (status !== 0) throw new Error(stderr);
  };
  return {
    coturn,
    store,
    redis: () => redis,
    restartRedis: async () => {
      redis = await startSecretRedis(coturnUser, port);
    },
  };
}

const credentials = (secret: string) =>
  issueCredential({ key: { id: 'a', secret }, opaqueUserId: 'caller', nowMs: Date.now(), ttlSeconds: 600 });

const allocate = (secret: string) => allocateAndRelease(parts.coturn.server, credentials(secret), options);
const isRefused = { fault: 'credentials_refused' };

describe('a coturn with redis-userdb in its generated configuration', () => {
  test('changes its secrets without a restart, and keeps a running relay', async () => {
    await expect(allocate(north)).rejects.toMatchObject(isRefused);
    await parts.store(`a=${north}`);
    await using held = await holdAllocation(parts.coturn.server, credentials(north), options);

    await parts.store(`b=${south},a=${north}`);
    await allocate(north);
    await allocate(south);
    await parts.store(`b=${south}`, '--remove-others');
    await allocate(south);
    await expect(allocate(north)).rejects.toMatchObject(isRefused);
    await held.refresh();
    expect(parts.coturn.output()).not.toMatch(new RegExp(`${north}|${south}`));
  });

  test('refuses new callers while Redis is down, keeps running relays, and recovers by itself', async () => {
    await parts.store(`a=${north}`);
    await using held = await holdAllocation(parts.coturn.server, credentials(north), options);
    await parts.redis().stop();
    await expect(allocate(north)).rejects.toMatchObject(isRefused);
    await held.refresh();
    await parts.restartRedis();
    await parts.store(`a=${north}`);
    await eventually('coturn to accept callers again', () => allocate(north).then(() => true));
    await held.refresh();
  });

  test('starts without a complaint about the permissions of its Redis user', async () => {
    await parts.store(`a=${north}`);
    await allocate(north);
    expect(parts.coturn.output()).not.toMatch(/NOPERM|permission|warning.*redis/i);
  });
});
