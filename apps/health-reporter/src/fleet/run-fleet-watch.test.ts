import { createRedisRegistry } from '@turn-router/registry';
import { expect, test } from '@jest/globals';
import { eventually, startCoturn, startFleetWatch, startRedis, temporaryDirectory } from '@turn-router/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const secret = 'kJ8-first-north-secret';

test('a watch that is stopped and started anew takes no node away: what it said stands until it knows better', async () => {
  await using directory = await temporaryDirectory('fleet');
  await using redis = await startRedis();
  await using registry = createRedisRegistry({ url: redis.url, name: 'test', random: Math.random });
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
  // Three probes at 1 s are done within the 5 s that a report stands.
  expect(new Set(seen)).toEqual(new Set(['healthy']));

  coturn.signal('SIGKILL');
  await eventually('the node to be unhealthy', async () => (await readNode())?.status === 'unhealthy');
  for (const log of [first.output(), second.output()]) expect(log).not.toMatch(new RegExp(`${secret}|"credential"`));
}, 40_000);
