import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  boundMs,
  eventually,
  runTurnctl,
  signJwt,
  startRedis,
  startRouter,
  temporaryDirectory,
  type RedisServer,
  type RouterProcess,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { policy } from './policy.ts';

const record = '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"192.0.2.50","port":3478}';

let directory: TemporaryDirectory;
let redis: RedisServer;
beforeAll(async () => {
  directory = await temporaryDirectory('authentication');
  await writeFile(join(directory.path, 'policy.yaml'), policy);
  redis = await startRedis();
  await redis.cli('SET', 'turn:node:us-east-1:node-01', record, 'PX', '250000');
});
afterAll(async () => {
  await redis?.stop();
  await directory?.[Symbol.asyncDispose]();
});

const start = async (settings: Record<string, string>): Promise<RouterProcess> => {
  const router = await startRouter({
    policyFile: join(directory.path, 'policy.yaml'),
    turnSecrets: 'first=north-secret-of-2026',
    reporterToken: 'reporter-token-of-2026',
    redisUrl: redis.url,
    environment: settings,
  });
  await eventually('the node to be served', async () => (await fetch(`${router.url}/readyz`)).ok);
  return router;
};

async function statusFor({ url }: RouterProcess, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/v1/ice-servers`, { method: 'POST', headers });
  await answer.arrayBuffer();
  return answer.status;
}

const turnctl = (...args: string[]) => runTurnctl(['keys', ...args], { REDIS_URL: redis.url });

describe('with API keys in Redis, two routers', () => {
  let routers: RouterProcess[];
  beforeAll(async () => {
    routers = [await start({ AUTH: 'api-key' }), await start({ AUTH: 'api-key' })];
  });
  afterAll(async () => {
    await Promise.all((routers ?? []).map((router) => router.stop()));
  });

  const statuses = (key: string) => Promise.all(routers.map((router) => statusFor(router, key)));
  /** Waits until every router gives the key this status, and returns how long that took, ms. */
  async function timeUntil(status: number, key: string): Promise<number> {
    const startedAtMs = performance.now();
    const isExpected = async () => (await statuses(key)).every((each) => each === status);
    await eventually(`the status ${status} from every router`, isExpected, { everyMs: 20 });
    return performance.now() - startedAtMs;
  }

  test('accept a key that turnctl creates, and refuse one that it revokes, within 2 s', async () => {
    const key = (await turnctl('create', 'web')).trim();
    expect(await timeUntil(200, key)).toBeLessThan(boundMs(2_000));
    await turnctl('revoke', 'web');
    expect(await timeUntil(401, key)).toBeLessThan(boundMs(2_000));
  });

  test('refuse no call while a key’s secret is rotated', async () => {
    const first = (await turnctl('create', 'app')).trim();
    await timeUntil(200, first);
    const second = (await turnctl('rotate', 'app')).trim();
    await timeUntil(200, second);
    expect(await statuses(first)).toEqual([200, 200]);
    await turnctl('revoke', 'app', '--older');
    await timeUntil(401, first);
    expect(await statuses(second)).toEqual([200, 200]);
  });

  test('accept known keys while Redis does not answer, and after it has lost its keys', async () => {
    const key = (await turnctl('create', 'steady')).trim();
    await timeUntil(200, key);
    redis.signal('SIGSTOP');
    await eventually('the routers to notice the loss', () =>
      routers.every((router) => router.output().includes('"event":"api_keys.unreadable"')),
    );
    expect(await statuses(key)).toEqual([200, 200]);
    redis.signal('SIGCONT');
    await eventually('the routers to notice the return', () =>
      routers.every((router) => router.output().includes('"event":"api_keys.readable"')),
    );
    await redis.cli('DEL', 'turn:api-keys');
    await eventually('the routers to notice the missing keys', () =>
      routers.every((router) => router.output().includes('"event":"api_keys.missing"')),
    );
    expect(await statuses(key)).toEqual([200, 200]);
    for (const router of routers) expect(router.output()).not.toContain(key);
  });
});

type Key = { readonly kid: string; readonly privateKey: KeyObject; readonly jwk: object };

function makeKey(kid: string): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } };
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const secondsFromNow = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

/** Signs a token that is valid for five minutes. */
function signToken({ kid, privateKey }: Key, sub: string, claims: object = {}, header: object = {}): string {
  const whole = { iss: 'test', aud: 'turn', sub, exp: secondsFromNow(300), ...claims };
  const signed = `${base64url({ alg: 'ES256', kid, ...header })}.${base64url(whole)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

describe('with JWTs signed by the published keys of an issuer, a router', () => {
  let published: Key[] = [];
  const issuer = createServer((_req, res) => res.end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) })));
  let router: RouterProcess;
  beforeAll(async () => {
    published = [makeKey('1')];
    issuer.listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port, not on a path
    const { port } = issuer.address() as AddressInfo;
    router = await start({
      AUTH: 'jwt',
      JWKS_URL: `http://127.0.0.1:${port}/jwks.json`,
      JWT_ISSUER: 'test',
      JWT_AUDIENCE: 'turn',
    });
  });
  afterAll(async () => {
    await router?.stop();
    issuer.closeAllConnections();
    issuer.close();
  });

  test('refuses with 401 every token with a wrong signature, issuer, audience or time', async () => {
    const [first] = published;
    if (first === undefined) throw new Error('expected a key of the issuer');
    const claims = { iss: 'test', aud: 'turn', sub: 'mallory', exp: secondsFromNow(300) };
    const pem = createPublicKey(first.privateKey).export({ type: 'spki', format: 'pem' }).toString();
    const bad = {
      'without a signature': `${base64url({ alg: 'none' })}.${base64url(claims)}.`,
      'with alg nOnE': `${base64url({ alg: 'nOnE', kid: '1' })}.${base64url(claims)}.`,
      'with HS256 and the public key as secret': signJwt(claims, pem, { alg: 'HS256', kid: '1' }),
      'with HS256 and the published JWK as secret': signJwt(claims, JSON.stringify(first.jwk), {
        alg: 'HS256',
        kid: '1',
      }),
      'signed by another key': signToken(makeKey('1'), 'mallory'),
      'signed by a key in its header': signToken(makeKey('1'), 'mallory', {}, { jwk: first.jwk }),
      'with a key URL in its header': signToken(
        first,
        'mallory',
        {},
        { kid: 'x', jku: 'http://127.0.0.1:9/jwks.json' },
      ),
      'with a file as its key id': signToken(first, 'mallory', {}, { kid: '../../../../dev/null' }),
      'with a query as its key id': signToken(first, 'mallory', {}, { kid: "x' UNION SELECT 'key" }),
      'for another audience': signToken(first, 'mallory', { aud: 'mail' }),
      'of another issuer': signToken(first, 'mallory', { iss: 'https://evil.example.org' }),
      'that has expired': signToken(first, 'mallory', { exp: secondsFromNow(-60) }),
      'that never expires': signToken(first, 'mallory', { exp: undefined }),
      'that is not yet valid': signToken(first, 'mallory', { nbf: secondsFromNow(60) }),
    };
    const statuses = await Promise.all(
      Object.entries(bad).map(async ([name, token]) => [name, await statusFor(router, token)]),
    );
    expect(Object.fromEntries(statuses)).toEqual(Object.fromEntries(Object.keys(bad).map((name) => [name, 401])));
    expect(await statusFor(router, signToken(first, 'alice'))).toBe(200);
  });

  test('accepts tokens as long as the head of a request allows', async () => {
    const [first] = published;
    if (first === undefined) throw new Error('expected a key of the issuer');
    const groups = Array.from({ length: 200 }, (_, group) => `a-group-with-a-usual-name-${group}`);
    expect(await statusFor(router, signToken(first, 'alice', { groups }))).toBe(200);
    expect(await statusFor(router, signToken(first, 'alice', { x: 'x'.repeat(22_000) }))).toBe(200);
    expect(await statusFor(router, signToken(first, 'alice', { x: 'x'.repeat(33_000) }))).toBe(431);
  });

  test('accepts every call while the issuer changes its keys, and known keys while the issuer is down', async () => {
    const [first] = published;
    if (first === undefined) throw new Error('expected a key of the issuer');
    const second = makeKey('2');
    const calls: Promise<number>[] = [];
    for (let call = 0; call < 300; call += 1) {
      if (call === 100) published = [second, first];
      calls.push(statusFor(router, signToken(call < 100 ? first : second, `user-${call}`)));
    }
    expect(new Set(await Promise.all(calls))).toEqual(new Set([200]));

    issuer.closeAllConnections();
    issuer.close();
    await once(issuer, 'close');
    expect(await statusFor(router, signToken(makeKey('3'), 'mallory'))).toBe(401);
    expect(await statusFor(router, signToken(first, 'alice'))).toBe(200);
    expect(await statusFor(router, signToken(second, 'alice'))).toBe(200);
  });
});
