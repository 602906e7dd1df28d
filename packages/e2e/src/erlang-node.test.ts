import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { allocateAndRelease, type StunServer } from '@turn-router/stun';
import {
  eventually,
  startErlangTurn,
  startRedis,
  startReporter,
  startRouter,
  temporaryDirectory,
} from '@turn-router/testing';
import { ask, askForIceServers } from './ask.ts';
import { policy } from './policy.ts';

const turnSecret = 'north-secret-of-2026';
const turnSecrets = `first=${turnSecret}`;
const region = 'eu-central-1';
const nodeKey = `turn:node:${region}:erlang`;
const fromLondon = { forwardedFor: '81.2.69.142' };

/** Parses a `turn:` URL. */
function serverFrom(url: string): StunServer {
  const [, host = '', port, transport] = /^turn:([\d.]+):(\d+)\?transport=(udp|tcp)$/.exec(url) ?? [];
  return { host, port: Number(port), transport: transport === 'tcp' ? 'tcp' : 'udp' };
}

test('a node that runs eturnal’s TURN library is proven, is given to callers, accepts their credentials, and is no longer given when it stops', async () => {
  await using directory = await temporaryDirectory('erlang');
  const policyFile = join(directory.path, 'policy.yaml');
  await writeFile(policyFile, policy);
  await using redis = await startRedis();
  await using turnServer = await startErlangTurn({ secrets: [turnSecret] });
  await using router = await startRouter({
    policyFile,
    turnSecrets,
    reporterToken: 'reporter-token-of-2026',
    redisUrl: redis.url,
    environment: { TRUSTED_PROXIES: '127.0.0.1/32' },
  });
  await using reporter = await startReporter({
    region,
    id: 'erlang',
    turnServer,
    turnSecrets,
    destination: { REDIS_URL: redis.url },
    environment: { REPORT_INTERVAL_SECONDS: '1' },
  });

  const record = await eventually('the node report', async () => (await redis.cli('GET', nodeKey)).trim() || undefined);
  expect(JSON.parse(record)).toMatchObject({
    status: 'healthy',
    transports: ['udp', 'tcp'],
    secret_ids: ['first'],
    software: 'P1 STUN library',
    probe: { state: 'healthy', udp: { proof: 'relay' }, tcp: { proof: 'relay' } },
  });

  const { nodes, iceServers } = await eventually(
    'the router to give the node to callers',
    async () => (await ask(router.url, {}, fromLondon)).status === 200 && askForIceServers(router.url, {}, fromLondon),
  );
  expect(nodes).toEqual([`${region}/erlang`]);
  const [relays] = iceServers;
  const { urls, username = '', credential = '' } = relays ?? { urls: [] };
  const servers = urls.map(serverFrom);
  expect(servers).toEqual(
    ['udp', 'tcp'].map((transport) => ({ host: turnServer.address, port: turnServer.port, transport })),
  );
  for (const server of servers) {
    const grant = await allocateAndRelease(server, { username, credential }, { timeoutMs: 60_000 });
    expect(grant).toMatchObject({ realm: 'turn.test', relayedAddress: { address: '127.0.0.1' } });
  }

  await turnServer.stop();
  const refused = await eventually('the router to stop giving the node', async () => {
    const answer = await ask(router.url, {}, fromLondon);
    return answer.status === 503 && answer.body;
  });
  expect(JSON.parse(refused)).toMatchObject({ code: 'no_relay_available' });
  expect(reporter.output()).toContain('"msg":"the node is unhealthy"');
});
