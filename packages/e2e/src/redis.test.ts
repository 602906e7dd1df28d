import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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
import { ask, askForIceServers } from './ask.ts';
import { policy } from './policy.ts';

const record = '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"192.0.2.50","port":3478}';
const fromLondon = { forwardedFor: '81.2.69.142' };

let redis: RedisServer;
let directory: TemporaryDirectory;
let router: RouterProcess;
beforeAll(async () => {
  directory = await temporaryDirectory('e2e');
  const policyFile = join(directory.path, 'policy.yaml');
  await writeFile(policyFile, policy);
  redis = await startRedis();
  router = await startRouter({
    policyFile,
    turnSecrets: 'first=north-secret-of-2026',
    reporterToken: 'reporter-token-of-2026',
    redisUrl: redis.url,
    environment: { TRUSTED_PROXIES: '127.0.0.1/32' },
  });
  // The router writes this entry once after its start. It must not count as a background command.
  await eventually('the policy to be in the audit log', async () => Number(await redis.cli('XLEN', 'turn:audit')) > 0);
});
afterAll(async () => {
  await router?.stop();
  await redis?.stop();
  await directory?.[Symbol.asyncDispose]();
});
beforeEach(() => redis.cli('FLUSHALL'));

/** Writes a record and waits until callers get its node. Each test uses another id, so that an older snapshot cannot satisfy it. */
async function serve(id: string): Promise<void> {
  await redis.cli('SET', `turn:node:eu-central-1:${id}`, record, 'PX', '60000');
  await eventually(`${id} to be served`, async () => {
    const { status, body } = await ask(router.url, {}, fromLondon);
    return status === 200 && body.includes(`"nodes":["eu-central-1/${id}"]`);
  });
}

/** The commands that read nodes and revocations, and once a second a script that registers the router as a replica. */
const backgroundCommands = [
  'eval',
  'hlen',
  'mget',
  'pexpire',
  'scan',
  'strlen',
  'time',
  'zadd',
  'zcard',
  'zremrangebyscore',
];

/** Returns the names and the number of commands that Redis got during `work`, without those of this test. */
async function commandsWhile(work: () => Promise<unknown>): Promise<{ names: string[]; calls: number }> {
  await redis.cli('CONFIG', 'RESETSTAT');
  await work();
  return commandsSoFar();
}

async function commandsSoFar(): Promise<{ names: string[]; calls: number }> {
  const statistics = await redis.cli('INFO', 'commandstats');
  const counts = [...statistics.matchAll(/cmdstat_([a-z|]+):calls=(\d+)/g)]
    .map(([, name = '', calls]) => ({ name, calls: Number(calls) }))
    .filter(({ name }) => !['info', 'config|resetstat', 'command|docs'].includes(name));
  return {
    names: counts.map(({ name }) => name).toSorted(),
    calls: counts.reduce((sum, { calls }) => sum + calls, 0),
  };
}

describe('with a real Redis', () => {
  test('the router serves a record written by hand within a second', async () => {
    await redis.cli('SET', 'turn:node:eu-central-1:x', record, 'PX', '15000');
    const answer = await eventually(
      'the record to be served',
      async () => {
        const { status, body } = await ask(router.url, {}, fromLondon);
        return status === 200 && body;
      },
      { timeoutMs: boundMs(1000), everyMs: 20 },
    );
    expect(JSON.parse(answer)).toMatchObject({
      region: 'eu-central-1',
      nodes: ['eu-central-1/x'],
      iceServers: [
        { urls: ['turn:192.0.2.50:3478?transport=udp', 'turn:192.0.2.50:3478?transport=tcp'] },
        { urls: ['stun:192.0.2.50:3478'] },
      ],
    });
  });

  test('requests cause no Redis commands', async () => {
    await serve('busy');

    const untilAllBackgroundCommands = () =>
      eventually(
        'all background commands',
        async () => (await commandsSoFar()).names.length >= backgroundCommands.length,
      );
    const busy = await commandsWhile(async () => {
      for (let sent = 0; sent < 2000; sent += 50) {
        await Promise.all(Array.from({ length: 50 }, () => askForIceServers(router.url, {}, fromLondon)));
      }
      await untilAllBackgroundCommands();
    });
    expect(busy.names).toEqual(backgroundCommands);
    // The background sends about ten commands a second. One command per request would add 2000.
    expect(busy.calls).toBeLessThan(1000);
  });

  test('the router ignores, counts and logs once each invalid record beside good ones', async () => {
    await serve('good');
    await redis.cli('SET', 'turn:node:eu-central-1:bad', '{"cpu":', 'PX', '60000');
    await redis.cli('SET', 'turn:node:eu-central-1:worse', record.replace('healthy', 'fine'), 'PX', '60000');
    await redis.cli('SET', 'turn:node:atlantis:x', record, 'PX', '60000');
    const metrics = await eventually('the count of invalid records', async () => {
      const text = await (await fetch(`${router.adminUrl}/metrics`)).text();
      return text.includes('turn_router_rejected_records{reason="invalid",registry="redis-1"} 1') && text;
    });
    expect(metrics).toContain('turn_router_rejected_records{reason="not_json",registry="redis-1"} 1');
    for (let asked = 0; asked < 20; asked += 1) {
      expect((await askForIceServers(router.url, {}, fromLondon)).nodes).toEqual(['eu-central-1/good']);
    }
    const logged = await eventually('the invalid record in the log', () =>
      router.output().match(/"record":"turn:node:eu-central-1:worse"/g),
    );
    expect(logged).toHaveLength(1);
  });

  test('calls succeed while Redis does not answer', async () => {
    await serve('silent');
    redis.signal('SIGSTOP');
    await eventually('the router to notice the loss', async () => {
      const answer = await fetch(`${router.url}/readyz`);
      return (await answer.text()).includes('"state":"lost"');
    });
    expect((await askForIceServers(router.url, {}, fromLondon)).nodes).toEqual(['eu-central-1/silent']);
    redis.signal('SIGCONT');
    await eventually('the router to notice the return', async () => {
      const answer = await fetch(`${router.url}/readyz`);
      return (await answer.text()).includes('"state":"fresh"');
    });
  });
});
