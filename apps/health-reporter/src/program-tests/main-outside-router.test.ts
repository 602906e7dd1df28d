import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { NodeKey, NodeProof } from '@turn-router/contract/registry';
import { createRedisRegistry } from '@turn-router/registry';
import {
  eventually,
  startCoturn,
  startParts,
  startRedis,
  startReporter,
  startRouter,
  temporaryDirectory,
} from '@turn-router/testing';
import { keyRingText, nodeKeyRing, nodeToken } from '@turn-router/turn-credentials';

const reporterToken = 'reporter-token-of-2026';
const master = { keys: [{ id: 'first', secret: 'master-secret-of-2026' }] } as const;
const policy =
  'defaultRegion: eu\nregions:\n  eu: {location: [50.11, 8.68]}\n  us: {location: [38.95, -77.45]}\n' +
  'nodes: {allowAddresses: [127.0.0.0/8]}\n';
const overHttp: NodeKey = { region: 'eu', id: 'node-1' };
const withRedis: NodeKey = { region: 'us', id: 'node-2' };

/** A router and two reporters whose nodes have secrets of their own. One reports over HTTP, the other to Redis. */
function startStage() {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('outside-router'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const redis = add(await startRedis());
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: keyRingText(master),
        reporterToken,
        redisUrl: redis.url,
        environment: { TURN_SECRET_MODE: 'per-node' },
      }),
    );
    const startNode = async ({ region, id }: NodeKey, destination: Record<string, string>) => {
      const ring = nodeKeyRing(master, `${region}/${id}`);
      const turnServer = add(await startCoturn({ secrets: ring.keys.map(({ secret }) => secret) }));
      const environment = { OUTSIDE_PROBE_INTERVAL_SECONDS: '5', REPORT_INTERVAL_SECONDS: '0.5' };
      const REPORTER_TOKEN = nodeToken(reporterToken, `${region}/${id}`);
      return add(
        await startReporter({
          region,
          id,
          turnServer,
          turnSecrets: keyRingText(ring),
          destination: { ...destination, REPORTER_TOKEN },
          environment,
        }),
      );
    };
    const reporters = [
      await startNode(overHttp, { ROUTER_URL: router.url }),
      await startNode(withRedis, { REDIS_URL: redis.url, PROBE_ROUTER_URL: router.url }),
    ];
    const registry = add(
      createRedisRegistry({ url: redis.url, name: 'test', random: () => 0, commandTimeoutMs: 60_000 }),
    );
    return { reporters, registry, router };
  });
}

const isRelayed = (proof: NodeProof | undefined) =>
  proof !== undefined && proof.paths.length > 0 && proof.paths.every(({ ok, reason }) => ok && reason === undefined);

test('with per-node secrets, a reporter over HTTP and one with Redis prove that the other relays, with credentials of the router', async () => {
  await using stage = await startStage();
  const between = [
    { target: withRedis, prober: overHttp },
    { target: overHttp, prober: withRedis },
  ];
  await eventually('a proof with a relay in each direction', async () =>
    (await stage.registry.proofs.readProofs(between)).every(isRelayed),
  );
  for (const reporter of stage.reporters) {
    expect(reporter.output()).not.toContain('outside.keys_refused');
    expect(reporter.output()).not.toContain('outside.registry_refused');
  }
  expect(stage.router.output()).not.toContain('probe-eu-node-1');
}, 60_000);
