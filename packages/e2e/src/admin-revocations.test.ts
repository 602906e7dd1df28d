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
/** The subject of the test's own requests, which are anonymous. */
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

/** Starts a router and collects its output. */
async function start(environment: Record<string, string>): Promise<RouterProcess & { output: () => string }> {
  const chunks: string[] = [];
  const router = await startRouter({
    policyFile,
    turnSecrets: 'first=north-secret-of-2026',
    reporterToken: 'reporter-token-of-2026',
    environment: { ADMIN_TOKEN: operator, ...environment },
    onOutput: (text) => chunks.push(text),
  });
  return { ...router, output: () => chunks.join('') };
}

/** Returns 200, or the problem code. */
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
    .map(({ actor, action, subject: revoked }) => `${actor} ${action} ${revoked}`);
}

const revokedThenLifted = [`admin:operator subject.revoked ${subject}`, `admin:operator subject.lifted ${subject}`];

describe('a router without Redis', () => {
  test('applies a revocation at once and after a restart, until it is lifted', async () => {
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
      await eventually(
        'both entries in the audit log',
        async () => (await auditOf(router)).join() === revokedThenLifted.join(),
      );
      await eventually('the lift in the program log', () => router.output().includes('"action":"subject.lifted"'));
      expect(router.output()).not.toContain('127.0.0.1/32');
    }
    expect(Object.keys(JSON.parse(await readFile(join(stateDir(), 'revocations.json'), 'utf8')))).toEqual(['#']);
  });
});

describe('of two routers, the first may only read revocations in Redis, the second (with two workers) may write them:', () => {
  let redis: RedisServer;
  let readOnly: RouterProcess;
  let writing: RouterProcess & { output: () => string };
  beforeAll(async () => {
    redis = await startRedis();
    const passwordSha256 = createHash('sha256').update('password').digest('hex');
    for (const revokes of [false, true]) {
      const user = { ...routerAcl({ passwordSha256, acceptsReports: false, revokes }), name: `revokes-${revokes}` };
      await redis.cli(...aclCommandFrom(user).split(' '));
    }
    const urlFor = (name: string) => redis.url.replace('//', `//${name}:password@`);
    [readOnly, writing] = await Promise.all([
      start({ REDIS_URL: urlFor('revokes-false') }),
      start({ REDIS_URL: urlFor('revokes-true'), WORKERS: '2' }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([readOnly, writing].map((router) => router?.stop()));
    await redis?.stop();
  });

  /** Waits until both routers give the expected answer, and returns how long that took, ms. */
  async function timeUntil(expected: unknown): Promise<number> {
    const startedAtMs = performance.now();
    const isExpected = async () =>
      // The second router is asked twice, because each connection may reach another worker.
      (await Promise.all([readOnly, writing, writing].map(answerTo))).every((answer) => answer === expected);
    await eventually(`the answer ${String(expected)} from both routers`, isExpected, { everyMs: 20 });
    return performance.now() - startedAtMs;
  }

  test('the first names the permission that it lacks', async () => {
    const refused = await revoke(readOnly);
    expect([refused.status, await refused.json()]).toMatchObject([
      503,
      { code: 'registry_unavailable', detail: expect.stringContaining('npm run redis-acl -- --router --revokes') },
    ]);
    expect(await answerTo(readOnly)).toBe(200);
  });

  test('a change by the second applies to both within 2 s and is in the audit log', async () => {
    expect((await revoke(writing)).status).toBe(200);
    expect(await timeUntil('revoked')).toBeLessThan(boundMs(2_000));
    expect((await lift(writing)).status).toBe(204);
    expect(await timeUntil(200)).toBeLessThan(boundMs(2_000));
    await eventually(
      'both entries in the audit log',
      async () => (await auditOf(readOnly)).join() === revokedThenLifted.join(),
    );
    await eventually('the lift in the program log', () => writing.output().includes('"action":"subject.lifted"'));
    expect(writing.output()).not.toContain('127.0.0.1/32');
  });
});
