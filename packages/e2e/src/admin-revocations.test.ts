import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aclCommandFrom, routerAcl } from '@turn-router/registry';
import {
  boundMs,
  eventually,
  startRedis,
  startRouter,
  temporaryDirectory,
  type RedisServer,
  type RouterProcess,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { policy } from './policy.ts';

const operator = 'the-token-of-operators-kJ8-qW3-66-hands';
/** The tests' own, as anonymous callers are named. */
const subject = 'address:127.0.0.1/32';

let directory: TemporaryDirectory;
let policyFile: string;
beforeAll(async () => {
  directory = await temporaryDirectory('admin-revocations');
  policyFile = join(directory.path, 'policy.yaml');
  await writeFile(policyFile, policy);
});
afterAll(async () => directory?.[Symbol.asyncDispose]());

const stateDir = () => join(directory.path, 'state');

/** A router and all that it writes. */
async function start(environment: Record<string, string>): Promise<RouterProcess & { output: () => string }> {
  const written: string[] = [];
  const router = await startRouter({
    policyFile,
    turnSecrets: 'first=north-secret-of-2026',
    reporterToken: 'reporter-token-of-2026',
    environment: { ADMIN_TOKEN: operator, ...environment },
    onOutput: (text) => written.push(text),
  });
  return { ...router, output: () => written.join('') };
}

/** 200, or the code of the problem. */
async function answerTo({ url }: RouterProcess): Promise<unknown> {
  const answer = await fetch(`${url}/v1/region`);
  const body: unknown = await answer.json();
  return answer.ok ? 200 : Object(body).code;
}

const headers = { authorization: `Bearer ${operator}`, 'content-type': 'application/json' };

const revoke = ({ adminUrl }: RouterProcess) =>
  fetch(`${adminUrl}/admin/v1/revocations`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ subject, reason: 'shares his credentials' }),
  });

const lift = ({ adminUrl }: RouterProcess) =>
  fetch(`${adminUrl}/admin/v1/revocations/lift`, { method: 'POST', headers, body: JSON.stringify({ subject }) });

async function auditOf({ adminUrl }: RouterProcess): Promise<string[]> {
  const answer = await fetch(`${adminUrl}/admin/v1/audit`, { headers: { ...headers, accept: 'application/x-ndjson' } });
  const entries = (await answer.text()).split('\n').filter((line) => line.includes('"subject.'));
  return entries
    .map((line) => JSON.parse(line))
    .toReversed()
    .map(({ actor, action, subject: whom }) => `${actor} ${action} ${whom}`);
}

const bothWays = [`admin:operator subject.revoked ${subject}`, `admin:operator subject.lifted ${subject}`];

describe('a router without Redis', () => {
  test('revokes at once, and still does so when it starts anew, until that is lifted', async () => {
    {
      await using router = await start({ STATE_DIR: stateDir() });
      expect(await answerTo(router)).toBe(200);
      expect((await revoke(router)).status).toBe(200);
      expect(await answerTo(router)).toBe('revoked');
    }
    {
      await using router = await start({ STATE_DIR: stateDir() });
      expect(await answerTo(router)).toBe('revoked');
      expect((await lift(router)).status).toBe(204);
      expect(await answerTo(router)).toBe(200);
      await eventually('the audit log to tell both', async () => (await auditOf(router)).join() === bothWays.join());
      await eventually('its own log, too', () => router.output().includes('"action":"subject.lifted"'));
      expect(router.output()).not.toContain('127.0.0.1/32');
    }
    expect(JSON.parse(await readFile(join(stateDir(), 'revocations.json'), 'utf8'))).toEqual({});
  });
});

describe('routers as users of Redis, one that may only read revocations, and one of two workers that may write them', () => {
  let redis: RedisServer;
  let reading: RouterProcess;
  let revoking: RouterProcess & { output: () => string };
  beforeAll(async () => {
    redis = await startRedis();
    const passwordSha256 = createHash('sha256').update('password').digest('hex');
    for (const revokes of [false, true]) {
      const user = { ...routerAcl({ passwordSha256, acceptsReports: false, revokes }), name: `revokes-${revokes}` };
      await redis.cli(...aclCommandFrom(user).split(' '));
    }
    const urlFor = (name: string) => redis.url.replace('//', `//${name}:password@`);
    [reading, revoking] = await Promise.all([
      start({ REDIS_URL: urlFor('revokes-false') }),
      start({ REDIS_URL: urlFor('revokes-true'), WORKERS: '2' }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([reading, revoking].map((router) => router?.stop()));
    await redis?.stop();
  });

  /** How long it takes until both routers answer so, ms. */
  async function timeUntil(expected: unknown): Promise<number> {
    const startedAtMs = performance.now();
    const isSo = async () =>
      // Each connection may be another worker's.
      (await Promise.all([reading, revoking, revoking].map(answerTo))).every((answer) => answer === expected);
    await eventually(`${String(expected)} of both routers`, isSo, { everyMs: 20 });
    return performance.now() - startedAtMs;
  }

  test('the first says what it lacks', async () => {
    const refused = await revoke(reading);
    expect([refused.status, await refused.json()]).toMatchObject([
      503,
      { code: 'registry_unavailable', detail: expect.stringContaining('npm run redis-acl -- --router --revokes') },
    ]);
    expect(await answerTo(reading)).toBe(200);
  });

  test('what the second writes holds on both within 2 s, and stands in the audit log', async () => {
    expect((await revoke(revoking)).status).toBe(200);
    expect(await timeUntil('revoked')).toBeLessThan(boundMs(2_000));
    expect((await lift(revoking)).status).toBe(204);
    expect(await timeUntil(200)).toBeLessThan(boundMs(2_000));
    await eventually('the audit log to tell both', async () => (await auditOf(reading)).join() === bothWays.join());
    await eventually('its own log, too', () => revoking.output().includes('"action":"subject.lifted"'));
    expect(revoking.output()).not.toContain('127.0.0.1/32');
  });
});
