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
import { ask, askForIceServers } from './ask.ts';
import { policy } from './policy.ts';
import { turnEntries } from './secrets/turn-entries.ts';

const secret = 'kJ8-north-secret-of-nodes';
const turnSecrets = `first=${secret}`;

/** A router, and a node whose coturn has these settings. Its reporter sends a Binding between its full proofs. */
function startNode(config: readonly string[]) {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('strict-stun'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const redis = add(await startRedis());
    const coturn = add(await startCoturn({ secrets: [secret], config }));
    const reporter = add(
      await startReporter({
        region: 'eu-central-1',
        id: 'node-01',
        turnServer: coturn,
        turnSecrets,
        destination: { REDIS_URL: redis.url },
        environment: { REPORT_INTERVAL_SECONDS: '1', PROBE_TIMEOUT_SECONDS: '10' },
      }),
    );
    const reporterToken = 'an-unused-reporter-token';
    const router = add(await startRouter({ policyFile, turnSecrets, reporterToken, redisUrl: redis.url }));
    const seq = async () => JSON.parse(await redis.cli('GET', 'turn:node:eu-central-1:node-01')).seq;
    return { coturn, reporter, router, seq };
  });
}

test.each<[setting: string, config: string[], stunUrls: number]>([
  ['its default settings', [], 1],
  ['secure-stun', ['secure-stun'], 0],
  ['no-stun', ['no-stun'], 0],
])('a coturn with %s stays healthy, and callers get its stun: URL only if it answers', async (_, config, stunUrls) => {
  await using node = await startNode(config);
  const { coturn, reporter, router } = node;
  await eventually('calls to be answered', async () => (await ask(router.url)).status === 200);
  await eventually('some rounds with a Binding', async () => (await node.seq()) >= 6);
  const answer = await askForIceServers(router.url);
  const urls = answer.iceServers.flatMap((server) => server.urls);
  expect(urls.filter((url) => url.startsWith('stun:'))).toHaveLength(stunUrls);
  for (const entry of turnEntries(answer)) {
    await allocateAndRelease({ host: '127.0.0.1', port: coturn.port, transport: 'udp' }, entry, { timeoutMs: 60_000 });
  }
  const changes = reporter
    .output()
    .split('\n')
    .filter((line) => line.includes('"event":"node.health_changed"'));
  expect(changes).toHaveLength(1);
});
