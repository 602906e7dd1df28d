import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fleetAnswerSchema } from '@turn-router/contract/admin';
import { nodeProofGlob } from '@turn-router/contract/registry';
import { routerAcl } from '@turn-router/registry';
import { eventually, startParts, startRedis, startRouter, temporaryDirectory } from '@turn-router/testing';
import { ask } from '../ask.ts';
import { policy } from '../policy.ts';

const adminToken = 'operator-token-of-the-tests-of-proofs';
const nodes = ['eu-central-1:a', 'eu-central-1:b', 'us-east-1:x', 'us-east-1:y'];
const target = 'eu-central-1:a';
const record =
  '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"192.0.2.50","port":3478,"probes_others":true}';

const proof = (roundTripMs: number) =>
  JSON.stringify({ paths: [{ transport: 'udp', family: 'ipv4', port: 3478, ok: true, roundTripMs }], at: 1 });

/** The user of the routers of an earlier version. It may not read proofs. */
const password = 'p4ssword-of-the-routers';
const passwordSha256 = createHash('sha256').update(password).digest('hex');
const earlierUser = routerAcl({ passwordSha256, acceptsReports: false, revokes: false });
const earlierRules = earlierUser.rules.filter((rule) => !rule.includes(nodeProofGlob));

/** A real Redis with four nodes, with proofs of three of them about the fourth, and a router. */
function start(environment: Readonly<Record<string, string>>, user?: string) {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('router-proofs'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const redis = add(await startRedis());
    await redis.cli('ACL', 'SETUSER', earlierUser.name, ...earlierRules);
    await Promise.all(nodes.map((node) => redis.cli('SET', `turn:node:${node}`, record, 'PX', '250000')));
    for (const [index, prober] of nodes.slice(1).entries()) {
      await redis.cli('SET', `turn:proof:${target}:${prober}`, proof([1, 89, 91][index] ?? 0), 'PX', '90000');
    }
    await redis.cli('SET', `turn:proof:${target}:us-east-1:z`, '{"paths":"none"}', 'PX', '90000');
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: 'first=north-secret-of-2026',
        reporterToken: 'reporter-token-of-2026',
        redisUrl: user === undefined ? redis.url : redis.url.replace('://', `://${user}@`),
        environment: { ADMIN_TOKEN: adminToken, ...environment },
      }),
    );
    return { router, redis };
  });
}

async function fleetOf(adminUrl: string) {
  const response = await fetch(`${adminUrl}/admin/v1/fleet`, { headers: { authorization: `Bearer ${adminToken}` } });
  return fleetAnswerSchema.parse(await response.json());
}

test.each(['1', '2'])('with %s workers, the fleet view and the metrics show the proofs in Redis', async (workers) => {
  await using stage = await start({ WORKERS: workers });
  const { adminUrl } = stage.router;
  await eventually('the node to be proven', async () => {
    const { nodes: shown, roundTrips } = await fleetOf(adminUrl).catch(() => ({ nodes: [], roundTrips: [] }));
    return shown[0]?.verdict?.state === 'proven' && roundTrips.length > 0;
  });
  const { nodes: shown, roundTrips } = await fleetOf(adminUrl);
  expect(shown[0]?.proofs.map(({ by, ok, roundTripMs }) => [by, ok, roundTripMs])).toEqual([
    ['eu-central-1/b', true, 1],
    ['us-east-1/x', true, 89],
    ['us-east-1/y', true, 91],
  ]);
  expect(shown.map(({ verdict }) => verdict?.state)).toEqual(['proven', 'unproven', 'unproven', 'unproven']);
  expect(roundTrips).toEqual([
    { from: 'eu-central-1', to: 'eu-central-1', roundTripMs: 1, proofs: 1 },
    { from: 'us-east-1', to: 'eu-central-1', roundTripMs: 90, proofs: 2 },
  ]);
  await eventually('every worker to judge', async () => {
    const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
    return [
      'turn_router_node_verdicts{region="eu-central-1",verdict="proven"} 1',
      'turn_router_node_verdicts{region="eu-central-1",verdict="refuted"} 0',
      'turn_router_round_trip_seconds{from="us-east-1",to="eu-central-1"} 0.09',
      'turn_router_invalid_proofs{registry="redis-1"} 1',
      'turn_router_proofs_readable{registry="redis-1"} 1',
    ].every((line) => metrics.includes(line));
  });
});

test('a router whose Redis user may not read proofs says so once, and serves callers', async () => {
  await using stage = await start({}, `${earlierUser.name}:${password}`);
  const { router } = stage;
  await eventually('the router to say it', () => Promise.resolve(router.output().includes('proofs.unreadable')));
  await eventually('calls to be answered', async () => (await ask(router.url)).status === 200);
  expect((await fetch(`${router.url}/readyz`)).status).toBe(200);
  const { nodes: shown, trust } = await fleetOf(router.adminUrl);
  expect(trust).toBe('fresh');
  expect(shown.map(({ state, proofs }) => [state, proofs])).toEqual(nodes.map(() => ['healthy', []]));
  const said = router
    .output()
    .split('\n')
    .filter((line) => line.includes('"event":"proofs.'));
  expect(said).toHaveLength(1);
  expect(JSON.parse(said[0] ?? '')).toMatchObject({ level: 40, registry: 'redis-1', fault: 'no_permission' });
});
