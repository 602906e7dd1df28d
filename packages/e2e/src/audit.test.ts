import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  eventually,
  runTurnctl,
  startRedis,
  startRouter,
  temporaryDirectory,
  type RedisServer,
  type RouterProcess,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { policy } from './policy.ts';

const viewer = 'the-token-of-viewers-kJ8-qW3-55-eyes';
const operator = 'the-token-of-operators-kJ8-qW3-66-hands';

let directory: TemporaryDirectory;
let redis: RedisServer;
beforeAll(async () => {
  directory = await temporaryDirectory('audit');
  redis = await startRedis();
});
afterAll(async () => {
  await redis?.stop();
  await directory?.[Symbol.asyncDispose]();
});

const policyFile = () => join(directory.path, 'policy.yaml');

function start(environment: Record<string, string>, redisUrl?: string): Promise<RouterProcess> {
  return startRouter({
    policyFile: policyFile(),
    turnSecrets: 'first=north-secret-of-2026',
    reporterToken: 'reporter-token-of-2026',
    redisUrl,
    environment: { ADMIN_VIEWER_TOKEN: viewer, ADMIN_TOKEN: operator, ...environment },
  });
}

/** Reads the router's audit log, oldest entry first, as `<action> <subject>`. */
async function auditOf({ adminUrl }: RouterProcess): Promise<string[]> {
  const headers = { authorization: `Bearer ${viewer}`, accept: 'application/x-ndjson' };
  const answer = await fetch(`${adminUrl}/admin/v1/audit`, { headers });
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line))
    .toReversed()
    .map(({ action, subject }) => `${action} ${subject}`);
}

/** Waits until the audit log of every router has exactly these entries. */
const untilAuditIs = (routers: readonly RouterProcess[], entries: readonly string[]) =>
  eventually(`the audit entry ${entries.at(-1) ?? 'none'}`, async () => {
    const logs = await Promise.all(routers.map(auditOf));
    if (logs.every((log) => log.join() === entries.join())) return true;
    throw new Error(logs.map((log) => log.join()).join('\n'));
  });

const record = (status: string) =>
  JSON.stringify({ cpu: 1, bandwidth_mbps: 1, status, public_ip: '192.0.2.50', port: 3478 });
const report = (status: string) => redis.cli('SET', 'turn:node:us-east-1:node-01', record(status), 'PX', '250000');

describe('each change in a fleet of two routers, one of them with two workers,', () => {
  let routers: RouterProcess[];
  beforeAll(async () => {
    await writeFile(policyFile(), policy);
    await report('healthy');
    routers = await Promise.all([start({}, redis.url), start({ WORKERS: '2' }, redis.url)]);
    const isServed = async () =>
      (await Promise.all(routers.map(({ url }) => fetch(`${url}/readyz`)))).every(({ ok }) => ok);
    await eventually('the node to be served', isServed);
  });
  afterAll(async () => {
    await Promise.all((routers ?? []).map((router) => router.stop()));
  });

  test('is written to the audit log once, is shown by both routers, and contains no secret', async () => {
    const entries: string[] = [];
    async function next(entry: string): Promise<void> {
      entries.push(entry);
      await untilAuditIs(routers, entries);
    }
    // The routers write one entry for the policy that they start with.
    await next('policy.changed policy');

    await report('draining');
    await next('node.draining us-east-1/node-01');
    await redis.cli('DEL', 'turn:node:us-east-1:node-01');
    await next('node.drained us-east-1/node-01');
    await report('healthy');
    await next('node.returned us-east-1/node-01');

    await writeFile(policyFile(), `${policy}\n# changed\n`);
    await next('policy.changed policy');
    await writeFile(policyFile(), 'colour: red\n');
    await next('policy.refused policy');

    const key = await runTurnctl(['keys', 'create', 'web'], { REDIS_URL: redis.url });
    await next('key.created web');
    const written = await redis.cli('XRANGE', 'turn:audit', '-', '+');
    for (const secret of [key.trim().slice('tr_web_'.length), viewer, operator, 'north-secret-of-2026']) {
      expect(written).not.toContain(secret);
    }
  });
});

test('a router without Redis writes its audit log to STATE_DIR, and continues it after a restart', async () => {
  const stateDir = join(directory.path, 'state');
  const once = ['policy.changed policy'];
  const twice = [...once, ...once];
  await writeFile(policyFile(), policy);
  {
    await using router = await start({ STATE_DIR: stateDir });
    await untilAuditIs([router], once);
  }
  {
    await using router = await start({ STATE_DIR: stateDir });
    await untilAuditIs([router], once);
    await writeFile(policyFile(), `${policy}\n# changed\n`);
    await untilAuditIs([router], twice);
  }
  const lines = (await readFile(join(stateDir, 'audit.jsonl'), 'utf8')).trim().split('\n');
  const [first, second] = lines.map((line) => JSON.parse(line).detail);
  expect([lines.length, second.before]).toEqual([2, first.sha256]);
});
