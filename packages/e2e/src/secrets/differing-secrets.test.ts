import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { allocateAndRelease } from '@turn-router/stun';
import {
  eventually,
  startCoturn,
  startParts,
  startRedis,
  startReporter,
  startRouter,
  temporaryDirectory,
} from '@turn-router/testing';
import { ask, askForIceServers } from '../ask.ts';
import { untilLogged } from '../logged-lines.ts';
import { policy } from '../policy.ts';
import { portOf, turnEntries } from './turn-entries.ts';

const north = 'kJ8-north-secret-of-nodes';
const south = 'pW4-south-secret-of-nodes';

/** A node with a real coturn, and a router with these secrets. */
function startPair(nodeSecrets: Readonly<Record<string, string>>, routerSecrets: string) {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('differing-secrets'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const redis = add(await startRedis());
    const coturn = add(await startCoturn({ secrets: Object.values(nodeSecrets) }));
    const reporter = add(
      await startReporter({
        region: 'eu-central-1',
        id: 'node-01',
        turnServer: coturn,
        turnSecrets: Object.entries(nodeSecrets)
          .map((entry) => entry.join('='))
          .join(),
        destination: { REDIS_URL: redis.url },
        environment: { REPORT_INTERVAL_SECONDS: '1', PROBE_PROOF_INTERVAL_SECONDS: '0' },
      }),
    );
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: routerSecrets,
        reporterToken: 'an-unused-reporter-token',
        redisUrl: redis.url,
      }),
    );
    return { coturn, reporter, router };
  });
}

type Pair = Awaited<ReturnType<typeof startPair>>;

async function untilMismatched({ router }: Pair): Promise<{ healthyNodes: number }> {
  return eventually('the router to notice the secret that differs', async () => {
    const answer = await (await fetch(`${router.url}/readyz`)).text();
    return answer.includes('"mismatchedSecrets":1') && JSON.parse(answer);
  });
}

const secretsIn = (output: string) => [north, south].filter((secret) => output.includes(secret));

test('a router with quotes around its secret warns, gives the node no calls, and says so', async () => {
  await using pair = await startPair({ first: north }, `first="${north}"`);
  const { router, reporter } = pair;
  expect(router.output()).toContain('"event":"settings.stray_characters","setting":"TURN_SECRETS"');
  expect(await untilMismatched(pair)).toMatchObject({ healthyNodes: 0 });
  expect((await ask(router.url)).status).toBe(503);
  const node = 'eu-central-1/node-01';
  expect(await untilLogged(router, 'node.secret_mismatch')).toMatchObject([
    { level: 40, node, keyIds: ['first'], msg: expect.stringContaining('the node gets no calls') },
  ]);
  const metrics = await (await fetch(`${router.adminUrl}/metrics`)).text();
  expect(metrics).toContain('turn_router_mismatched_secrets{key_id="first"} 1');
  expect(metrics).toContain('turn_router_excluded_nodes{reason="secret_mismatch"} 1');
  expect(secretsIn(router.output() + reporter.output() + metrics)).toEqual([]);
});

test('a router that has another secret under one of two ids signs with the other key, and the node accepts it', async () => {
  await using pair = await startPair({ new: south, old: north }, `new=zR6-another-secret-of-it,old=${north}`);
  const { router, coturn } = pair;
  expect(await untilMismatched(pair)).toMatchObject({ healthyNodes: 1 });
  const entries = turnEntries(await askForIceServers(router.url));
  expect(entries.map(portOf)).toEqual([coturn.port]);
  for (const entry of entries) {
    await allocateAndRelease({ host: '127.0.0.1', port: coturn.port, transport: 'tcp' }, entry, { timeoutMs: 60_000 });
  }
  expect(await untilLogged(router, 'node.secret_mismatch')).toMatchObject([
    { level: 40, keyIds: ['new'], msg: expect.stringContaining('another key signs for the node') },
  ]);
});
