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
 * Routers that are kept waiting learn late of each other's calls, which spread.test.ts of the router holds to a tenth where time runs evenly.
 * Without any word of each other three of them let 300 pass.
 */
const mostPassed = byForm({ short: 2, full: 1.1 }) * limit;

/** Redis has no nodes: the answers are of the last resort. */
const policy = `
defaultRegion: us-east-1
regions:
  us-east-1: {location: [38.95, -77.45], staticNodes: [{id: node-01, publicIp: 192.0.2.9}]}
limits: {perAddressPerMinute: ${limit}}
`;

/** To which of three routers a call goes, by its number. Each is a caller of its own, that asks from its own loopback address. */
const spreads: readonly { name: string; address: string; router: (call: number) => number }[] = [
  { name: '1:0:0', address: '127.0.1.1', router: () => 0 },
  { name: '1:1:1', address: '127.0.1.2', router: (call) => call % 3 },
  { name: '8:1:1', address: '127.0.1.3', router: (call) => [0, 0, 0, 0, 1, 0, 0, 0, 0, 2][call % 10] ?? 0 },
];

const metricsOf = async ({ adminUrl }: RouterProcess) => (await fetch(`${adminUrl}/metrics`)).text();

type StartOptions = {
  /** They know each other. */
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
    const allSay = (line: string) =>
      eventually(`all routers to say ${line}`, async () =>
        (await Promise.all(routers.map(metricsOf))).every((text) => text.includes(line)),
      );
    await allSay('turn_router_replicas 3');
    await allSay('turn_router_limits_shared 1');
    return { urls: routers.map(({ url }) => url), allSay };
  });
}

/** Every spread's caller asks at the same rate; how many of each caller's calls have passed. */
async function offer(urls: readonly string[], seconds: number, perSecond: number, during: () => Promise<void>) {
  const passed: Record<string, number> = {};
  const statuses = new Set<number>();
  const calls = Array.from({ length: seconds * perSecond }, async (_, call) => {
    await delay((call * 1_000) / perSecond);
    await Promise.all(
      spreads.map(async ({ name, address, router }) => {
        const { status } = await ask(urls[router(call)] ?? '', {}, { localAddress: address });
        statuses.add(status);
        if (status === 200) passed[name] = (passed[name] ?? 0) + 1;
      }),
    );
  });
  await Promise.all([...calls, during()]);
  return { passed, statuses };
}

const fromLimitToTolerance = {
  statuses: [200, 429],
  tooFew: [],
  tooMany: [],
};

function judge({ passed, statuses }: Awaited<ReturnType<typeof offer>>) {
  process.stdout.write(`${JSON.stringify(passed)}\n`);
  const named = spreads.map(({ name }) => ({ name, calls: passed[name] ?? 0 }));
  return {
    statuses: [...statuses].toSorted((a, b) => a - b),
    tooFew: named.filter(({ calls }) => calls < limit),
    tooMany: named.filter(({ calls }) => calls > mostPassed),
  };
}

test.concurrent('three routers, 100 a minute: 100 to 110 pass with Redis up', async () => {
  await using redis = await startRedis();
  await using routers = await startRouters(redis);
  expect(judge(await offer(routers.urls, 10, 20, () => Promise.resolve()))).toEqual(fromLimitToTolerance);
});

test.concurrent('three routers, 100 a minute: 100 to 110 pass while Redis stops and comes back', async () => {
  await using redis = await startRedis();
  await using routers = await startRouters(redis);
  const passed = await offer(routers.urls, 30, 8, async () => {
    await delay(6_000);
    redis.signal('SIGSTOP');
    await routers.allSay('turn_router_limits_shared 0');
    await delay(8_000);
    redis.signal('SIGCONT');
    await routers.allSay('turn_router_limits_shared 1');
  });
  expect(judge(passed)).toEqual(fromLimitToTolerance);
});

test.concurrent('three routers, 100 a minute: 100 to 110 pass while Redis is killed and comes back empty', async () => {
  const port = await freePort();
  await using redis = await startRedis({ port });
  await using routers = await startRouters(redis);
  const again: { redis?: RedisServer } = {};
  const passed = await offer(routers.urls, 30, 8, async () => {
    await delay(6_000);
    redis.signal('SIGKILL');
    await redis.exited;
    await routers.allSay('turn_router_limits_shared 0');
    await delay(3_000);
    again.redis = await startRedis({ port });
    await routers.allSay('turn_router_limits_shared 1');
  });
  await again.redis?.stop();
  expect(judge(passed)).toEqual(fromLimitToTolerance);
});

test.concurrent(
  'three routers that are peers, 100 a minute: 100 to 110 pass of callers that are new while Redis is stopped, and goes on',
  async () => {
    await using redis = await startRedis();
    await using routers = await startRouters(redis, { arePeers: true });
    await routers.allSay('turn_router_peers{state="answering"} 3');
    redis.signal('SIGSTOP');
    await routers.allSay('turn_router_limits_shared 0');
    const passed = await offer(routers.urls, 35, 8, async () => {
      await routers.allSay('turn_router_limits_shared 1');
      await delay(12_000);
      redis.signal('SIGCONT');
    });
    expect(judge(passed)).toEqual(fromLimitToTolerance);
  },
);
