import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { iceServersAnswerSchema } from '@turn-router/contract/http';
import { holdAllocation, type HeldRelay } from '@turn-router/stun';
import {
  boundMs,
  eventually,
  freePort,
  runTurnctl,
  startCoturn,
  startParts,
  startRedis,
  startReporter,
  startRouter,
  temporaryDirectory,
  type RouterProcess,
} from '@turn-router/testing';
import { policy } from './policy.ts';
import { turnEntries, type TurnEntry } from './secrets/turn-entries.ts';

const turnSecrets = 'new=pW4-new-north-secret,old=kJ8-old-north-secret';
const reporterToken = 'an-unused-reporter-token';
const jwtSecret = 'rD5-secret-of-the-issuer-of-tokens';
const cliPassword = 'rD5-password-of-the-cli';

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function tokenOf(sub: string): string {
  const exp = Math.floor(Date.now() / 1000) + 300;
  const signed = `${base64url({ alg: 'HS256' })}.${base64url({ sub, exp })}`;
  return `${signed}.${createHmac('sha256', jwtSecret).update(signed).digest('base64url')}`;
}

const ask = ({ url }: RouterProcess, user: string) =>
  fetch(`${url}/v1/ice-servers`, { method: 'POST', headers: { authorization: `Bearer ${tokenOf(user)}` } });

/** Starts a node whose coturn, including its CLI, is configured by turnctl; its reporter; and two routers that accept JWTs. */
function startNodeAndRouters() {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('revocation'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const redis = add(await startRedis());
    const cli = { TURN_CLI_PASSWORD: cliPassword, TURN_CLI_PORT: `${await freePort()}` };
    const config = await runTurnctl(['config', 'coturn', '--with-secrets'], {
      PUBLIC_IP: '192.0.2.50',
      TURN_SECRETS: turnSecrets,
      ...cli,
    });
    const hashedPassword = /^cli-password=(.*)$/m.exec(config)?.[1] ?? '';
    const coturn = add(
      await startCoturn({
        secrets: ['pW4-new-north-secret', 'kJ8-old-north-secret'],
        cli: { port: Number(cli.TURN_CLI_PORT), password: hashedPassword },
      }),
    );
    const destination = { REDIS_URL: redis.url };
    const region = 'eu-central-1';
    const environment = {
      AUTH: 'jwt',
      JWT_SECRET: jwtSecret,
    };
    const settings = { policyFile, turnSecrets, reporterToken, redisUrl: redis.url, environment };
    const node = { region, id: 'node-1', turnServer: coturn, turnSecrets, destination, environment: cli };
    const [reporter, ...routers] = await Promise.all([
      startReporter(node).then(add),
      startRouter(settings).then(add),
      startRouter(settings).then(add),
    ]);
    for (const router of routers) {
      await eventually('the router to give the node', async () => (await ask(router, 'anybody')).ok);
    }
    return {
      redis,
      reporter,
      routers,
      server: { host: coturn.address, port: coturn.port, transport: 'udp' } as const,
      revoke: (...args: string[]) =>
        runTurnctl(['revoke', ...args], { REDIS_URL: redis.url, TURN_SECRETS: turnSecrets }),
    };
  });
}

let stage: Awaited<ReturnType<typeof startNodeAndRouters>>;
beforeAll(async () => {
  stage = await startNodeAndRouters();
});
afterAll(async () => stage?.[Symbol.asyncDispose]());

async function credentialOf(user: string): Promise<TurnEntry> {
  const answer = await ask(stage.routers[0], user);
  const [entry] = turnEntries(iceServersAnswerSchema.parse(await answer.json()));
  if (entry === undefined) throw new Error('expected a TURN server in the answer');
  return entry;
}

/** Returns the answer of each router: 200, or the problem code. */
const answersTo = (user: string) =>
  Promise.all(
    stage.routers.map(async (router) => {
      const answer = await ask(router, user);
      const body: unknown = await answer.json();
      return answer.ok ? 200 : Object(body).code;
    }),
  );

/** Waits until both routers give the expected answer, and returns how long that took, ms. */
async function timeUntil(user: string, expected: 200 | 'revoked'): Promise<number> {
  const startedAtMs = performance.now();
  const isExpected = async () => (await answersTo(user)).every((answer) => answer === expected);
  await eventually(`the answer ${expected} from both routers`, isExpected, { everyMs: 20 });
  return performance.now() - startedAtMs;
}

const allocate = (credential: TurnEntry) => holdAllocation(stage.server, credential, { timeoutMs: 60_000 });

/** Waits until the TURN server has deleted the allocation, and returns how long that took, ms. */
async function timeUntilEnded(relay: HeldRelay): Promise<number> {
  const startedAtMs = performance.now();
  await eventually('the end of the relay', async () => {
    const fault = await relay.refresh().catch((error: unknown) => Object(error).fault);
    return fault === 'allocation_mismatch';
  });
  return performance.now() - startedAtMs;
}

describe('a revoked user', () => {
  test('is refused by every router within 2 s, and loses present and new relays; other users are unaffected', async () => {
    const [credential, ofBob] = [await credentialOf('alice'), await credentialOf('bob')];
    await using relay = await allocate(credential);
    await using relayOfBob = await allocate(ofBob);
    await relay.refresh();

    await stage.revoke('user', 'alice', '--reason', 'spam');
    expect(await timeUntil('alice', 'revoked')).toBeLessThan(boundMs(2_000));
    expect(await timeUntilEnded(relay)).toBeLessThan(boundMs(5_000));
    await using again = await allocate(credential);
    expect(await timeUntilEnded(again)).toBeLessThan(boundMs(5_000));

    expect(await answersTo('bob')).toEqual([200, 200]);
    await relayOfBob.refresh();
  });

  test('is still refused when Redis has lost its data, and is accepted after the revocation is lifted', async () => {
    await stage.revoke('user', 'carol', '--no-relays');
    await timeUntil('carol', 'revoked');
    const stored = await stage.redis.cli('HGET', 'turn:revocations', 'user:carol');
    await stage.redis.cli('DEL', 'turn:revocations');
    await eventually('the routers to notice', () =>
      stage.routers.every((router) => router.output().includes('"event":"revocations.missing"')),
    );
    expect(await answersTo('carol')).toEqual(['revoked', 'revoked']);
    await stage.redis.cli('HSET', 'turn:revocations', '#', '', 'user:carol', stored.trim());
    await stage.revoke('lift', 'user:carol');
    expect(await timeUntil('carol', 200)).toBeLessThan(boundMs(2_000));
  });

  test('is named in no log, and neither is the password of coturn’s CLI', () => {
    for (const started of [stage.reporter, ...stage.routers]) {
      expect(started.output()).toMatch(/revoked/);
      expect(started.output()).not.toMatch(/alice|carol|rD5-/);
    }
  });
});
