import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fleetAnswerSchema } from '@turn-router/contract/admin';
import { allocateAndRelease, StunError } from '@turn-router/stun';
import {
  byForm,
  eventually,
  startCoturn,
  startParts,
  startRedis,
  startReporter,
  startRouter,
  temporaryDirectory,
  type CoturnServer,
} from '@turn-router/testing';
import { ask, askForIceServers } from './ask.ts';
import { createFakeTime } from './faults/fake-time.ts';
import { untilLogged } from './logged-lines.ts';
import { policy } from './policy.ts';
import { portOf, turnEntries } from './secrets/turn-entries.ts';

const turnSecrets = 'first=kJ8-first-north-secret';
const secret = 'kJ8-first-north-secret';
const region = 'eu-central-1';
const adminToken = 'operator-token-of-the-tests-of-clocks';

/** Nodes by the error of their clock, seconds. The reporter of a node has the same clock as its coturn, unless it is right. */
const nodes = [
  { id: 'right', seconds: 0, reason: undefined },
  { id: 'five-minutes-ahead', seconds: 300, reason: 'clock_ahead' },
  { id: 'five-minutes-behind', seconds: -300, reason: 'clock_behind' },
  { id: 'eleven-minutes-ahead', seconds: 660, reason: 'clock_ahead' },
  { id: 'two-hours-ahead', seconds: 7_200, reason: 'clock_ahead' },
  { id: 'two-hours-behind', seconds: -7_200, reason: 'clock_behind' },
  { id: 'beside-a-right-reporter', seconds: 660, reason: 'clock_ahead', isReporterRight: true },
] as const;

/** Starts a router, and these nodes with real coturns and reporters. */
function startFleet() {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('clocks'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const redis = add(await startRedis());
    const started = await Promise.all(
      nodes.map(async ({ id, seconds, ...node }, index) => {
        const ownDirectory = add(await temporaryDirectory(`clock-of-${id}`));
        const time = await createFakeTime(ownDirectory.path);
        await time.shift(seconds);
        const environment = seconds === 0 ? {} : time.environment;
        const ports = 12_000 + index * 1_000;
        const coturn = add(
          await startCoturn({ secrets: [secret], relayPorts: { min: ports, max: ports + 999 }, environment }),
        );
        const reporter = add(
          await startReporter({
            region,
            id,
            turnServer: coturn,
            turnSecrets,
            destination: { REDIS_URL: redis.url },
            environment: {
              ...('isReporterRight' in node ? {} : environment),
              ZONE: id,
              REPORT_INTERVAL_SECONDS: '1',
              PROBE_TIMEOUT_SECONDS: '10',
            },
            ...('isReporterRight' in node && { readyText: '"msg":"the node is unhealthy"' }),
          }),
        );
        return { id, coturn, reporter };
      }),
    );
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets,
        reporterToken: 'an-unused-reporter-token',
        redisUrl: redis.url,
        environment: { ADMIN_TOKEN: adminToken },
      }),
    );
    return { router, nodes: started };
  });
}

type Fleet = Awaited<ReturnType<typeof startFleet>>;
type GivenFleet = Pick<Fleet, 'router'> & { readonly nodes: readonly { id: string; coturn: CoturnServer }[] };

async function nodesOf({ router }: Pick<Fleet, 'router'>) {
  const response = await fetch(`${router.adminUrl}/admin/v1/fleet`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  return fleetAnswerSchema.parse(await response.json()).nodes;
}

/** Asks for several relays of the region, and returns the nodes that refuse their credentials, with the number of accepted credentials. */
async function useCredentials({ router, nodes: started }: GivenFleet, times: number) {
  const refusals: string[] = [];
  let accepted = 0;
  // The shortest TTL of the default policy.
  const request = { maxNodes: 4, requireRegion: region, ttlSeconds: 60 };
  for (let count = 0; count < times; count += 1) {
    for (const entry of turnEntries(await askForIceServers(router.url, request))) {
      const port = portOf(entry);
      try {
        await allocateAndRelease({ host: '127.0.0.1', port, transport: 'tcp' }, entry, { timeoutMs: 60_000 });
        accepted += 1;
      } catch (error) {
        if (!(error instanceof StunError)) throw error;
        refusals.push(`${started.find(({ coturn }) => coturn.port === port)?.id}: ${error.fault}`);
      }
    }
  }
  return { refusals, accepted };
}

test('no credential is handed out that a node with a wrong clock refuses, and the router says why', async () => {
  await using fleet = await startFleet();
  await eventually('the router to know every node', async () => (await nodesOf(fleet)).length === nodes.length);
  await eventually('calls to be answered', async () => (await ask(fleet.router.url)).status === 200);
  const times = byForm({ short: 10, full: 100 });
  const { refusals, accepted } = await useCredentials(fleet, times);
  expect(refusals).toEqual([]);
  // Each answer has the one node whose clock is right.
  expect(accepted).toBe(times);

  const found = await nodesOf(fleet);
  expect(Object.fromEntries(found.map(({ id, reason }) => [id, reason]))).toEqual(
    Object.fromEntries(nodes.map(({ id, reason }) => [id, reason])),
  );
  for (const node of nodes) {
    const offsetMs = found.find(({ id }) => id === node.id)?.clockOffsetMs ?? Infinity;
    const expected = 'isReporterRight' in node ? 0 : node.seconds * 1_000;
    expect(Math.abs(offsetMs - expected)).toBeLessThan(5_000);
  }
  const wrong = nodes
    .filter((node) => node.seconds !== 0 && !('isReporterRight' in node))
    .map(({ id }) => `${region}/${id}`);
  const lines = await untilLogged(fleet.router, 'node.clock_wrong', ({ length }) => length >= wrong.length);
  expect(lines.map(({ level, node }) => `${String(level)} ${String(node)}`).toSorted()).toEqual(
    wrong.map((name) => `40 ${name}`).toSorted(),
  );
  const metrics = await (await fetch(`${fleet.router.adminUrl}/metrics`)).text();
  expect(metrics).toContain('turn_router_excluded_nodes{reason="clock_ahead"} 3');
  expect(metrics).toContain('turn_router_excluded_nodes{reason="clock_behind"} 2');
  for (const { id, reporter } of fleet.nodes) {
    const isLogged = reporter.output().includes('"level":50') && reporter.output().includes('"event":"clock.wrong"');
    expect([id, isLogged]).toEqual([id, wrong.includes(`${region}/${id}`)]);
  }
});

test.each<[what: string, redisSeconds: number, routerSeconds: number, isServed: boolean]>([
  ['Redis is two hours ahead', 7_200, 0, true],
  ['Redis is two hours behind', -7_200, 0, true],
  ['the router is an hour ahead', 0, 3_600, true],
  ['the router is eleven minutes behind', 0, -660, false],
])('if %s, a right node gets calls unless it would refuse them', async (_, redisSeconds, routerSeconds, isServed) => {
  await using parts = await startParts(async (add) => {
    const directories = await Promise.all(['redis', 'router'].map(async (name) => add(await temporaryDirectory(name))));
    const [redisTime, routerTime] = await Promise.all(directories.map(({ path }) => createFakeTime(path)));
    await redisTime?.shift(redisSeconds);
    await routerTime?.shift(routerSeconds);
    const policyFile = join(directories[0]?.path ?? '', 'policy.yaml');
    await writeFile(policyFile, policy);
    const redis = add(await startRedis({ env: redisTime?.environment ?? {} }));
    const coturn = add(await startCoturn({ secrets: [secret] }));
    const destination = { REDIS_URL: redis.url };
    const reporting = { REPORT_INTERVAL_SECONDS: '1', PROBE_TIMEOUT_SECONDS: '10' };
    add(
      await startReporter({
        region,
        id: 'right',
        turnServer: coturn,
        turnSecrets,
        destination,
        environment: reporting,
      }),
    );
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets,
        reporterToken: 'an-unused-reporter-token',
        redisUrl: redis.url,
        environment: { ADMIN_TOKEN: adminToken, ...routerTime?.environment },
      }),
    );
    return { router, nodes: [{ id: 'right', coturn }] };
  });
  await eventually('the router to have judged its node', async () => {
    const [node] = await nodesOf(parts);
    return node?.clockOffsetMs !== undefined && (node.reason === undefined) === isServed;
  });
  expect((await ask(parts.router.url)).status).toBe(isServed ? 200 : 503);
  const served = isServed ? await useCredentials(parts, 3) : { refusals: [], accepted: 0 };
  expect(served).toEqual({ refusals: [], accepted: isServed ? 3 : 0 });
  await untilLogged(parts.router, 'clock.offset_large');
});
