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
import { isFresh, isWhole } from './standing.ts';
import { startWatchedRouter, type WatchedRouter } from './watched-router.ts';

/** Reports that stand for as long as a test takes, since a Redis that refuses takes none. */
async function writeFleet(redis: RedisServer): Promise<void> {
  for (const { name, report } of twoRegions) {
    await redis.cli('SET', `turn:node:${name.replace('/', ':')}`, JSON.stringify(report), 'PX', '3600000');
  }
}

async function open(redisUrl: string, redis: RedisServer) {
  await writeFleet(redis);
  const router = await startWatchedRouter({ redisUrl, policy: policyOf() });
  await router.until('whole fleet', isWhole(twoRegions.length), boundMs(15_000));
  const load = startSteadyLoad({
    url: router.url,
    ratePerSecond: 50,
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

const untilCounted = (router: WatchedRouter, fault: RegExp) =>
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

async function expectUntroubled(router: WatchedRouter, load: SteadyLoad): Promise<void> {
  await load.stop();
  expect(load.answers().filter(({ status }) => status !== 200)).toEqual([]);
  expect((await fetch(`${router.url}/livez`)).status).toBe(200);
  expect(router.output()).not.toMatch(/unhandled|uncaught|"level":(?:"fatal"|60)|\n {4}at /i);
}

const run = (redis: RedisServer, ...commands: readonly (readonly string[])[]) =>
  commands.reduce((before, command) => before.then(async () => void (await redis.cli(...command))), Promise.resolve());

/** Those that are connected stay what they were: only who comes anew meets a changed password. */
const sendAway = ['CLIENT', 'KILL', 'TYPE', 'normal'] as const;
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
      [...withPassword, ...sendAway],
    ],
    end: [[...withPassword, 'CONFIG', 'SET', 'requirepass', '']],
  },
  {
    name: 'WRONGPASS',
    fault: /^wrong_password$/,
    user: 'router:old@',
    before: [['ACL', 'SETUSER', 'router', 'on', '>old', '~*', '&*', '+@all']],
    begin: [['ACL', 'SETUSER', 'router', '<old', '>new'], sendAway],
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

describe('Redis refuses while it runs: the fault is named, callers are served as before', () => {
  test.concurrent.each(refusals)('$name', async ({ fault, user = '', before = [], begin, end }) => {
    await using redis = await startRedis();
    await run(redis, ...before);
    await using stage = await open(`redis://${user}127.0.0.1:${redis.port}`, redis);
    const { router, load } = stage;
    await run(redis, ...begin);
    await untilCounted(router, fault);
    expect(await router.standing()).toMatchObject({ ready: true, healthyNodes: twoRegions.length });
    await run(redis, ...end);
    await router.until('return to be noticed', isFresh, boundMs(2_000));
    await expectUntroubled(router, load);
    expect(router.output()).not.toContain('old');
  });

  test.concurrent('READONLY: our primary has become a replica of another', async () => {
    await using redis = await startRedis();
    await using other = await startRedis();
    await using stage = await open(redis.url, redis);
    const { router, load } = stage;
    await writeFleet(other);
    await redis.cli('REPLICAOF', '127.0.0.1', `${other.port}`);
    await untilCounted(router, /^(?:readonly|stale_role)$/);
    expect(await router.standing()).toMatchObject({ ready: true, healthyNodes: twoRegions.length });
    await redis.cli('REPLICAOF', 'NO', 'ONE');
    await router.until('return to be noticed', isWhole(twoRegions.length), boundMs(2_000));
    await expectUntroubled(router, load);
  });
});

describe('Redis is loading its file', () => {
  test.concurrent('LOADING: the fault is named, callers are served as before', async () => {
    await using directory = await temporaryDirectory('loading');
    const kept = ['--dir', directory.path];
    const redis = await startRedis({ args: kept });
    await using _redis = redis;
    await using stage = await open(redis.url, redis);
    const { router, load } = stage;
    await redis.cli('EVAL', `for i = 1, 3000 do redis.call('SET', 'filler:' .. i, 'x') end`, '0');
    await redis.cli('SAVE');
    redis.signal('SIGKILL');
    await redis.exited;
    // A millisecond for each key, so that it takes some seconds.
    const slow = ['--key-load-delay', '1000', '--loading-process-events-interval-bytes', '1024'];
    const counting = Promise.allSettled([untilCounted(router, /^loading$/)]);
    await using _restarted = await startRedis({ port: redis.port, args: [...kept, ...slow] });
    expect(await counting).toMatchObject([{ status: 'fulfilled' }]);
    await router.until('return to be noticed', isFresh, boundMs(2_000));
    await expectUntroubled(router, load);
  });
});
