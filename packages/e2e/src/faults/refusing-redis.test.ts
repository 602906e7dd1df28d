import { describe, expect, test } from '@jest/globals';
import {
  boundMs,
  eventually,
  startRedis,
  startSteadyLoad,
  temporaryDirectory,
  type RedisServer,
  type SteadyLoad,
} from '@turn-router/testing';
import { fromLondon, fromVirginia, policyOf, twoRegions } from './fleet.ts';
import { isFresh, hasAllNodes } from './readiness.ts';
import { startWatchedRouter, type WatchedRouter } from './watched-router.ts';

/** Writes records that outlive the test, because a Redis that refuses commands accepts no reports. */
async function writeFleet(redis: RedisServer): Promise<void> {
  for (const { name, report } of twoRegions) {
    await redis.cli('SET', `turn:node:${name.replace('/', ':')}`, JSON.stringify(report), 'PX', '250000');
  }
}

async function startUnderLoad(redisUrl: string, redis: RedisServer) {
  await writeFleet(redis);
  const router = await startWatchedRouter({ redisUrl, policy: policyOf() });
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(15_000));
  const load = startSteadyLoad({
    url: router.url,
    ratePerSecond: 20,
    maxSeconds: 120,
    callers: [fromLondon, fromVirginia],
  });
  return {
    router,
    load,
    [Symbol.asyncDispose]: async () => {
      await load[Symbol.asyncDispose]();
      await router[Symbol.asyncDispose]();
    },
  };
}

const untilFaultCounted = (router: WatchedRouter, fault: RegExp) =>
  eventually(
    `a fault like ${fault.source} to be counted`,
    async () => {
      const text = await (await fetch(`${router.adminUrl}/metrics`)).text();
      const counted = [...text.matchAll(/^turn_router_registry_faults_total\{(.*)\} (\d+)$/gm)];
      return counted.some(
        ([, labels = '', count]) => fault.test(/fault="(\w+)"/.exec(labels)?.[1] ?? '') && Number(count) > 0,
      );
    },
    { timeoutMs: boundMs(5_000) },
  );

async function expectNoFailures(router: WatchedRouter, load: SteadyLoad): Promise<void> {
  await load.stop();
  expect(load.answers().filter(({ status }) => status !== 200)).toEqual([]);
  expect((await fetch(`${router.url}/livez`)).status).toBe(200);
  expect(router.output()).not.toMatch(/unhandled|uncaught|"level":(?:"fatal"|60)|\n {4}at /i);
}

const runAll = (redis: RedisServer, ...commands: readonly (readonly string[])[]) =>
  commands.reduce((before, command) => before.then(async () => void (await redis.cli(...command))), Promise.resolve());

/** Disconnects all clients. Redis checks a changed password only on new connections. */
const disconnectClients = ['CLIENT', 'KILL', 'TYPE', 'normal'] as const;
const withPassword = ['-a', 'new', '--no-auth-warning'] as const;

type Refusal = {
  name: string;
  fault: RegExp;
  user?: string;
  before?: readonly (readonly string[])[];
  begin: readonly (readonly string[])[];
  end: readonly (readonly string[])[];
};

const refusals: readonly Refusal[] = [
  {
    name: 'NOAUTH',
    fault: /^no_auth$/,
    begin: [
      ['CONFIG', 'SET', 'requirepass', 'new'],
      [...withPassword, ...disconnectClients],
    ],
    end: [[...withPassword, 'CONFIG', 'SET', 'requirepass', '']],
  },
  {
    name: 'WRONGPASS',
    fault: /^wrong_password$/,
    user: 'router:old@',
    before: [['ACL', 'SETUSER', 'router', 'on', '>old', '~*', '&*', '+@all']],
    begin: [['ACL', 'SETUSER', 'router', '<old', '>new'], disconnectClients],
    end: [['ACL', 'SETUSER', 'router', '>old']],
  },
  {
    name: 'NOPERM',
    fault: /^no_permission$/,
    user: 'router:old@',
    before: [['ACL', 'SETUSER', 'router', 'on', '>old', '~*', '&*', '+@all']],
    begin: [['ACL', 'SETUSER', 'router', '-@read', '-@scripting', '-@write']],
    end: [['ACL', 'SETUSER', 'router', '+@all']],
  },
  {
    name: 'OOM',
    fault: /^out_of_memory$/,
    begin: [['CONFIG', 'SET', 'maxmemory', '1']],
    end: [['CONFIG', 'SET', 'maxmemory', '0']],
  },
];

describe('when a running Redis refuses commands, the router counts the fault and serves callers as before', () => {
  test.concurrent.each(refusals)('after $name', async ({ fault, user = '', before = [], begin, end }) => {
    await using redis = await startRedis();
    await runAll(redis, ...before);
    await using stage = await startUnderLoad(`redis://${user}127.0.0.1:${redis.port}`, redis);
    const { router, load } = stage;
    await runAll(redis, ...begin);
    await untilFaultCounted(router, fault);
    expect(await router.readiness()).toMatchObject({ ready: true, healthyNodes: twoRegions.length });
    await runAll(redis, ...end);
    await router.until('the router to notice the return', isFresh, boundMs(2_000));
    await expectNoFailures(router, load);
    expect(router.output()).not.toContain('old');
  });

  test.concurrent('after READONLY, because the primary has become a replica of another server', async () => {
    await using redis = await startRedis();
    await using other = await startRedis();
    await using stage = await startUnderLoad(redis.url, redis);
    const { router, load } = stage;
    await writeFleet(other);
    await redis.cli('REPLICAOF', '127.0.0.1', `${other.port}`);
    await untilFaultCounted(router, /^(?:readonly|stale_role)$/);
    expect(await router.readiness()).toMatchObject({ ready: true, healthyNodes: twoRegions.length });
    await redis.cli('REPLICAOF', 'NO', 'ONE');
    await router.until('the router to notice the return', hasAllNodes(twoRegions.length), boundMs(2_000));
    await expectNoFailures(router, load);
  });
});

describe('while Redis loads its file', () => {
  test.concurrent('the router counts the fault LOADING and serves callers as before', async () => {
    await using directory = await temporaryDirectory('loading');
    const kept = ['--dir', directory.path];
    const redis = await startRedis({ args: kept });
    await using _redis = redis;
    await using stage = await startUnderLoad(redis.url, redis);
    const { router, load } = stage;
    await redis.cli('EVAL', `for i = 1, 3000 do redis.call('SET', 'filler:' .. i, 'x') end`, '0');
    await redis.cli('SAVE');
    redis.signal('SIGKILL');
    await redis.exited;
    // Loading takes a millisecond per key, so some seconds in all.
    const slow = ['--key-load-delay', '1000', '--loading-process-events-interval-bytes', '1024'];
    const counting = Promise.allSettled([untilFaultCounted(router, /^loading$/)]);
    await using _restarted = await startRedis({ port: redis.port, args: [...kept, ...slow] });
    expect(await counting).toMatchObject([{ status: 'fulfilled' }]);
    await router.until('the router to notice the return', isFresh, boundMs(2_000));
    await expectNoFailures(router, load);
  });
});
