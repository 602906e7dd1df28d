import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  eventually,
  startCoturn,
  startParts,
  startRedis,
  startReporter,
  startRouter,
  temporaryDirectory,
} from '@turn-router/testing';
import { createKeyRingOfNode, keyRingText, type KeyRing, type SecretMode } from '@turn-router/turn-credentials';
import { askForIceServers } from '../ask.ts';
import { policy } from '../policy.ts';

export const ring: KeyRing = {
  keys: [
    { id: 'new', secret: 'pW4-new-north-secret' },
    { id: 'old', secret: 'kJ8-old-north-secret' },
  ],
};
export type KeyId = 'new' | 'old';

const region = 'eu-central-1';
const reporterToken = 'an-unused-reporter-token';

/** Two nodes. One answer contains both only if they are in different zones. */
const nodes = [
  // coturn keeps a relay port in use for up to a second after its release, so each node has many ports.
  { id: 'node-1', relayPorts: { min: 12_000, max: 15_999 } },
  { id: 'node-2', relayPorts: { min: 16_000, max: 19_999 } },
] as const;

/**
 * Starts a router with both keys of `ring`, and two nodes whose coturns read their secrets from a Redis that has only the old one at first.
 * Each reporter has the secrets of its node in this mode, for both keys.
 */
export function startNodesWithSecrets(secretMode: SecretMode) {
  const keyRingOfNode = createKeyRingOfNode(secretMode, ring);
  return startParts(async (add) => {
    const [registry, secretStore] = [add(await startRedis()), add(await startRedis())];
    const directory = add(await temporaryDirectory('secrets'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const started = await Promise.all(
      nodes.map(async ({ id, relayPorts }) => {
        const name = `${region}/${id}`;
        const realm = `${id}.test`;
        const keys = keyRingOfNode(name);
        const change = (command: 'SADD' | 'SREM', keyId: KeyId) => {
          const secret = keys.keys.find((key) => key.id === keyId)?.secret ?? '';
          // coturn reads its secrets from this key at every check.
          return secretStore.cli(command, `turn/realm/${realm}/secret`, secret);
        };
        await change('SADD', 'old');
        const config = [`redis-userdb="ip=127.0.0.1 port=${secretStore.port}"`];
        const coturn = add(await startCoturn({ secrets: [], realm, relayPorts, config }));
        return {
          id,
          name,
          keys,
          coturn,
          accept: (keyId: KeyId) => change('SADD', keyId),
          refuse: (keyId: KeyId) => change('SREM', keyId),
        };
      }),
    );
    await Promise.all(
      started.map(async ({ id, keys, coturn }) =>
        add(
          await startReporter({
            region,
            id,
            turnServer: coturn,
            turnSecrets: keyRingText(keys),
            destination: { REDIS_URL: registry.url },
            environment: { REPORT_INTERVAL_SECONDS: '0.5', PROBE_PROOF_INTERVAL_SECONDS: '0', ZONE: id },
          }),
        ),
      ),
    );
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: keyRingText(ring),
        reporterToken,
        redisUrl: registry.url,
        environment: { TURN_SECRET_MODE: secretMode },
      }),
    );
    await eventually('the router to give both nodes in one answer', async () => {
      const answer = await askForIceServers(router.url, { maxNodes: 2 }).catch(() => undefined);
      return answer?.nodes.length === 2;
    });
    return { router, nodes: started };
  });
}
