import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import {
  byForm,
  eventually,
  freePort,
  startParts,
  startRedis,
  startRouter,
  temporaryDirectory,
  type RedisServer,
  type RouterProcess,
} from '@turn-router/testing';
import { ask } from './ask.ts';

const limit = 100;

/**
 * On a busy machine the routers learn late of each other's calls. The router's spread.test.ts checks the tolerance of a tenth with an even
 * clock. Three routers that knew nothing of each other would let 300 calls pass.
 */
const maxPassed = byForm({ short: 2, full: 1.1 }) * limit;

/** Redis has no nodes, so the answers contain the static node. */
const policy = `
defaultRegion: us-east-1
regions:
  us-east-1: {location: [38.95, -77.45], staticNodes: [{id: node-01, publicIp: 192.0.2.9}]}
limits: {perAddressPerMinute: ${limit}}
`;

/** Callers, each with a separate loopback address. `router` gives the router of each call, by the call's number; `name` is the ratio. */
const callers: readonly { name: string; address: string; router: (call: number) => number }[] = [
  { name: '1:0:0', address: '127.0.1.1', router: () => 0 },
  { name: '1:1:1', address: '127.0.1.2', router: (call) => call % 3 },
  { name: '8:1:1', address: '127.0.1.3', router: (call) => [0, 0, 0, 0, 1, 0, 0, 0, 0, 2][call % 10] ?? 0 },
];

const metricsOf = async ({ adminUrl }: RouterProcess) => (await fetch(`${adminUrl}/metrics`)).text();

type StartOptions = {
  /** The routers are peers of each other. */
  arePeers?: boolean;
};

async function startRouters(redis: RedisServer, { arePeers = false }: StartOptions = {}) {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('limits'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const peerPorts = [await freePort(), await freePort(), await freePort()];
    const peers = {
      PEERS: peerPorts.map((port) => `127.0.0.1:${port}`).join(),
      PEER_SECRET: 'not-a-secret-of-any-fleet-of-routers',
      PEER_HOST: '127.0.0.1',
    };
    const routers: RouterProcess[] = [];
    for (const peerPort of peerPorts) {
      routers.push(
        add(
          await startRouter({
            policyFile,
            turnSecrets: 'first=not-a-secret-of-anybody',
            reporterToken: 'not-a-token-of-anybody',
            redisUrl: redis.url,
            environment: arePeers ? { ...peers, PEER_PORT: `${peerPort}` } : {},
          }),
        ),
      );
    }
    const untilAllReport = (line: string) =>
      eventually(`all routers to report ${line}`, async () =>
        (await Promise.all(routers.map(metricsOf))).every((text) => text.includes(line)),
      );
    await untilAllReport('turn_router_replicas 3');
    await untilAllReport('turn_router_limits_shared 1');
    return { urls: routers.map(({ url }) => url), untilAllReport };
  });
}

/** Sends the calls of all callers at the same rate, and counts how many calls of each caller pass. */
async function sendCalls(urls: readonly string[], seconds: number, perSecond: number, during: () => Promise<void>) {
  const passed: Record<string, number> = {};
  const statuses = new Set<number>();
  const calls = Array.from({ length: seconds * perSecond }, async (_, call) => {
    await delay((call * 1_000) / perSecond);
    await Promise.all(
      callers.map(async ({ name, address, router }) => {
        const { status } = await ask(urls[router(call)] ?? '', {}, { localAddress: address });
        statuses.add(status);
        if (status === 200) passed[name] = (passed[name] ?? 0) + 1;
      }),
    );
  });
  await Promise.all([...calls, during()]);
  return { passed, statuses };
}

const withinTolerance = {
  statuses: [200, 429],
  tooFew: [],
  tooMany: [],
};

function summarize({ passed, statuses }: Awaited<ReturnType<typeof sendCalls>>) {
  process.stdout.write(`${JSON.stringify(passed)}\n`);
  const named = callers.map(({ name }) => ({ name, calls: passed[name] ?? 0 }));
  return {
    statuses: [...statuses].toSorted((a, b) => a - b),
    tooFew: named.filter(({ calls }) => calls < limit),
    tooMany: named.filter(({ calls }) => calls > maxPassed),
  };
}

test.concurrent('three routers with a limit of 100 a minute let 100 to 110 calls pass while Redis works', async () => {
  await using redis = await startRedis();
  await using routers = await startRouters(redis);
  expect(summarize(await sendCalls(routers.urls, 10, 20, () => Promise.resolve()))).toEqual(withinTolerance);
});

test.concurrent('three routers with a limit of 100 a minute let 100 to 110 calls pass while Redis stops and resumes', async () => {
  await using redis = await startRedis();
  await using routers = await startRouters(redis);
  const passed = await sendCalls(routers.urls, 30, 8, async () => {
    await delay(6_000);
    redis.signal('SIGSTOP');
    await routers.untilAllReport('turn_router_limits_shared 0');
    await delay(8_000);
    redis.signal('SIGCONT');
    await routers.untilAllReport('turn_router_limits_shared 1');
  });
  expect(summarize(passed)).toEqual(withinTolerance);
});

test.concurrent('three routers with a limit of 100 a minute let 100 to 110 calls pass while Redis is killed and returns empty', async () => {
  const port = await freePort();
  await using redis = await startRedis({ port });
  await using routers = await startRouters(redis);
  const restarted: { redis?: RedisServer } = {};
  const passed = await sendCalls(routers.urls, 30, 8, async () => {
    await delay(6_000);
    redis.signal('SIGKILL');
    await redis.exited;
    await routers.untilAllReport('turn_router_limits_shared 0');
    await delay(3_000);
    restarted.redis = await startRedis({ port });
    await routers.untilAllReport('turn_router_limits_shared 1');
  });
  await restarted.redis?.stop();
  expect(summarize(passed)).toEqual(withinTolerance);
});

test.concurrent('three peers with a limit of 100 a minute let 100 to 110 calls of a new caller pass while Redis is stopped and resumes', async () => {
  await using redis = await startRedis();
  await using routers = await startRouters(redis, { arePeers: true });
  await routers.untilAllReport('turn_router_peers{state="answering"} 3');
  redis.signal('SIGSTOP');
  await routers.untilAllReport('turn_router_limits_shared 0');
  const passed = await sendCalls(routers.urls, 35, 8, async () => {
    await routers.untilAllReport('turn_router_limits_shared 1');
    await delay(12_000);
    redis.signal('SIGCONT');
  });
  expect(summarize(passed)).toEqual(withinTolerance);
});
