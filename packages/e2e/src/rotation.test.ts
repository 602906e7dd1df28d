import { createHmac } from 'node:crypto';
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
  type CoturnServer,
} from '@turn-router/testing';
import { askForRelays } from './ask.ts';
import { policy } from './policy.ts';

const secrets = { old: 'kJ8-old-north-secret', new: 'pW4-new-north-secret' };
type KeyId = keyof typeof secrets;

const realm = 'turn.test';
/** Where coturn looks up its secrets at every check. */
const secretsKey = `turn/realm/${realm}/secret`;
const allocationsMin = 1_000;
const callers = 4;

/** A node whose coturn takes its secrets from a Redis of its own; router and reporter know both keys from the start. */
function startRotatingNode() {
  return startParts(async (add) => {
    const [registry, secretStore] = [add(await startRedis()), add(await startRedis())];
    await secretStore.cli('SADD', secretsKey, secrets.old);
    const directory = add(await temporaryDirectory('rotation'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const coturn = add(
      await startCoturn({
        secrets: [],
        realm,
        // coturn holds on to a relay port for up to a second after it was given back.
        relayPorts: { min: 17_000, max: 18_999 },
        config: [`redis-userdb="ip=127.0.0.1 port=${secretStore.port}"`],
      }),
    );
    const turnSecrets = `new=${secrets.new},old=${secrets.old}`;
    add(
      await startReporter({
        region: 'eu-central-1',
        id: 'node-1',
        turnServer: coturn,
        turnSecrets,
        destination: { REDIS_URL: registry.url },
        environment: { REPORT_INTERVAL_SECONDS: '0.5', PROBE_PROOF_INTERVAL_SECONDS: '0' },
      }),
    );
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets,
        reporterToken: 'a-token-that-nobody-uses',
        redisUrl: registry.url,
      }),
    );
    await eventually('the router to know the node', () => askForRelays(router.url).catch(() => undefined));
    return { coturn, router, secretStore };
  });
}

/** Gets a credential and allocates with it at once; the id of the key that signed it. */
async function call(routerUrl: string, { address, port }: CoturnServer): Promise<KeyId> {
  const { iceServers } = await askForRelays(routerUrl);
  const turn = iceServers.find(({ credential }) => credential !== undefined);
  const { username = '', credential = '' } = turn ?? {};
  const server = { host: address, port, transport: 'udp' } as const;
  await allocateAndRelease(server, { username, credential }, { timeoutMs: 5_000 });
  const isSignedWith = (secret: string) => createHmac('sha1', secret).update(username).digest('base64') === credential;
  return isSignedWith(secrets.new) ? 'new' : 'old';
}

test('a secret is replaced at the node by another, and no allocation fails meanwhile', async () => {
  await using parts = await startRotatingNode();
  const { router, coturn, secretStore } = parts;
  const signedBy: KeyId[] = [];
  const faults: unknown[] = [];
  const rotated = new AbortController();
  async function callOnAndOn(): Promise<void> {
    while (!rotated.signal.aborted || signedBy.length < allocationsMin) {
      await call(router.url, coturn).then(
        (keyId) => signedBy.push(keyId),
        (error: unknown) => faults.push(error),
      );
    }
  }
  const calling = Promise.all(Array.from({ length: callers }, callOnAndOn));
  const eventuallySignedBy = (keyId: KeyId, times: number) =>
    eventually(`${times} calls in a row signed with the ${keyId} key`, () => {
      const latest = signedBy.slice(-times);
      return latest.length === times && latest.every((each) => each === keyId);
    });
  try {
    await eventuallySignedBy('old', allocationsMin / 4);
    await secretStore.cli('SADD', secretsKey, secrets.new);
    await eventuallySignedBy('new', allocationsMin / 4);
    await secretStore.cli('SREM', secretsKey, secrets.old);
    await eventuallySignedBy('new', allocationsMin / 2);
  } finally {
    rotated.abort();
    await calling;
  }
  expect(faults).toEqual([]);
  expect(signedBy.length).toBeGreaterThanOrEqual(allocationsMin);
  expect(signedBy[0]).toBe('old');
}, 120_000);
