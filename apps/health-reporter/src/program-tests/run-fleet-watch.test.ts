import { createRedisRegistry } from '@turn-router/registry';
import { expect, test } from '@jest/globals';
import {
  eventually,
  startCoturn,
  startFleetWatch,
  startRedis,
  temporaryDirectory,
  seededRandom,
} from '@turn-router/testing';
import { keyRingText, nodeKeyRing, type KeyRing } from '@turn-router/turn-credentials';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const secret = 'kJ8-first-north-secret';

const openRegistry = ({ url }: { url: string }) =>
  createRedisRegistry({ url, name: 'test', random: seededRandom(1), commandTimeoutMs: 60_000 });

test('a restarted watch removes no node: the old records stay until new probes decide', async () => {
  await using directory = await temporaryDirectory('fleet');
  await using redis = await startRedis();
  await using registry = openRegistry(redis);
  await using coturn = await startCoturn({ secrets: [secret] });
  const fleetFile = join(directory.path, 'fleet.yaml');
  await writeFile(
    fleetFile,
    `nodes: [{id: a, region: eu, privateAddress: 127.0.0.1, publicIp: 192.0.2.1, port: ${coturn.port}, healthCheck: {successThreshold: 3}}]
healthCheck: {intervalSeconds: 1, failureThreshold: 2}`,
  );
  const start = () =>
    startFleetWatch({ fleetFile, turnSecrets: `first=${secret}`, destination: { REDIS_URL: redis.url } });
  const readNode = async () => (await registry.readAll()).records.find(({ key }) => key.id === 'a')?.report;
  const seen: (string | undefined)[] = [];
  const eventualStatus = (what: string, isWanted: (bootId: string | undefined) => boolean) =>
    eventually(what, async () => {
      const report = await readNode();
      seen.push(report?.status);
      return isWanted(report?.boot_id) && report;
    });

  await using first = await start();
  const healthy = await eventualStatus('the first watch to report', (bootId) => bootId !== undefined);
  expect(healthy).toMatchObject({ status: 'healthy', public_ip: '192.0.2.1', port: coturn.port, seq: 3 });
  seen.length = 0;
  await first.stop();
  expect(await first.exited).toBe(0);
  await using second = await start();
  await eventualStatus('the second watch to report', (bootId) => bootId !== healthy.boot_id);
  // Three probes at 1 s finish within the report's TTL of 5 s.
  expect(new Set(seen)).toEqual(new Set(['healthy']));

  coturn.signal('SIGKILL');
  await eventually('the node to be unhealthy', async () => (await readNode())?.status === 'unhealthy');
  for (const log of [first.output(), second.output()]) expect(log).not.toMatch(new RegExp(`${secret}|"credential"`));
});

const nodeAt = (id: string, { port }: { port: number }) =>
  `  - {id: ${id}, region: eu, privateAddress: 127.0.0.1, publicIp: 192.0.2.1, port: ${port}}\n`;

test('with master keys, each node is proven with its own derived secrets', async () => {
  const master: KeyRing = {
    keys: [
      { id: 'new', secret: 'pW4-new-master-key' },
      { id: 'old', secret: 'kJ8-old-master-key' },
    ],
  };
  const secretsOf = (name: string) => nodeKeyRing(master, `eu/${name}`).keys.map((key) => key.secret);
  await using directory = await temporaryDirectory('fleet');
  await using redis = await startRedis();
  await using registry = openRegistry(redis);
  await using rotated = await startCoturn({ secrets: secretsOf('a') });
  await using behind = await startCoturn({ secrets: secretsOf('b').slice(1) });
  // A node must not accept the keys of another node, or the master keys.
  await using foreign = await startCoturn({ secrets: [...secretsOf('a'), ...master.keys.map((key) => key.secret)] });
  const fleetFile = join(directory.path, 'fleet.yaml');
  await writeFile(
    fleetFile,
    `nodes:\n${nodeAt('a', rotated)}${nodeAt('b', behind)}${nodeAt('c', foreign)}healthCheck: {intervalSeconds: 0.5}\n`,
  );
  await using watch = await startFleetWatch({
    fleetFile,
    turnSecrets: keyRingText(master),
    destination: { REDIS_URL: redis.url },
    environment: { TURN_SECRET_MODE: 'per-node', PROBE_PROOF_INTERVAL_SECONDS: '0' },
  });
  const proven = async () => {
    const { records } = await registry.readAll();
    return Object.fromEntries(
      records.map(({ key, report }) => [key.id, [report.status, ...(report.secret_ids ?? [])]]),
    );
  };
  const expected = { a: ['healthy', 'new', 'old'], b: ['healthy', 'old'], c: ['unhealthy'] };
  await eventually('each node to have proven its keys', async () => isDeepStrictEqual(await proven(), expected));
  expect(watch.output()).not.toMatch(new RegExp([...secretsOf('a'), 'master-key'].join('|')));
});

test('with a name, a watch proves its nodes from outside', async () => {
  await using directory = await temporaryDirectory('fleet');
  await using redis = await startRedis();
  await using registry = openRegistry(redis);
  const master: KeyRing = { keys: [{ id: 'new', secret: 'pW4-new-master-key' }] };
  const [key] = nodeKeyRing(master, 'eu/a').keys;
  await using coturn = await startCoturn({ secrets: [key?.secret ?? ''] });
  const fleetFile = join(directory.path, 'fleet.yaml');
  await writeFile(
    fleetFile,
    `nodes: [{id: a, region: eu, privateAddress: 127.0.0.1, publicIp: 127.0.0.1, port: ${coturn.port}}]
healthCheck: {intervalSeconds: 0.5}`,
  );
  await using watch = await startFleetWatch({
    fleetFile,
    turnSecrets: keyRingText(master),
    destination: { REDIS_URL: redis.url },
    environment: {
      TURN_SECRET_MODE: 'per-node',
      WATCH_ID: 'watch-1',
      WATCH_REGION: 'us',
      OUTSIDE_PROBE_INTERVAL_SECONDS: '5',
    },
  });
  const keyOfProof = { target: { region: 'eu', id: 'a' }, prober: { region: 'us', id: 'watch-1' } };
  const proof = await eventually(
    'a proof by the watch',
    async () => (await registry.proofs.readProofs([keyOfProof]))[0],
  );
  expect(proof.paths.map(({ transport, ok, reason }) => [transport, ok, reason])).toEqual([
    ['udp', true, undefined],
    ['tcp', true, undefined],
  ]);
  // A watch has no node of its own that others could prove.
  expect(watch.output()).not.toMatch(/"event":"outside\./);
});
