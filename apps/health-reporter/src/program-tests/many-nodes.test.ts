import { createRedisRegistry } from '@turn-router/registry';
import { expect, test } from '@jest/globals';
import {
  byForm,
  eventually,
  readProcessFigures,
  startCoturn,
  startFleetWatch,
  startParts,
  startRedis,
  temporaryDirectory,
  seededRandom,
} from '@turn-router/testing';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const secret = 'kJ8-first-north-secret';
const nodeCount = 200;
const addresses = Array.from({ length: nodeCount }, (_, index) => `127.1.${index >> 7}.${(index & 127) + 1}`);
const [firstAddress = ''] = addresses;
/** Two hundred probes per second need half a CPU, which a busy machine lacks. */
const check = byForm({
  short: { intervalSeconds: 4, timeoutSeconds: 3.5 },
  full: { intervalSeconds: 1, timeoutSeconds: 0.8 },
});

/** A server that accepts datagrams and never answers. */
async function startSilentServer(): Promise<{ port: number } & AsyncDisposable> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function startStage() {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('fleet'));
    const redis = add(await startRedis());
    const registry = add(
      createRedisRegistry({ url: redis.url, name: 'test', random: seededRandom(1), commandTimeoutMs: 60_000 }),
    );
    const config = addresses.slice(1).map((address) => `listening-ip=${address}`);
    const relayPorts = { min: 40_000, max: 48_000 };
    const coturn = add(await startCoturn({ address: firstAddress, secrets: [secret], relayPorts, config }));
    const silent = add(await startSilentServer());
    const nodes = addresses.map((privateAddress, index) => ({
      id: `n${index}`,
      privateAddress,
      publicIp: `192.0.2.${index + 1}`,
    }));
    const slow = { id: 'slow', privateAddress: '127.0.0.1', port: silent.port, publicIp: '192.0.2.254' };
    const fleetFile = join(directory.path, 'fleet.yaml');
    await writeFile(
      fleetFile,
      JSON.stringify({
        nodes: [{ ...slow, healthCheck: { intervalSeconds: 10, timeoutSeconds: 8, failureThreshold: 1 } }, ...nodes],
        healthCheck: { ...check, port: coturn.port },
      }),
    );
    const watch = add(
      await startFleetWatch({
        fleetFile,
        turnSecrets: `first=${secret}`,
        destination: { REDIS_URL: redis.url },
        environment: { REGION: 'eu' },
      }),
    );
    const statuses = async () => {
      const { records } = await registry.readAll();
      return new Map(records.map(({ key, report }) => [key.id, report.status]));
    };
    return { redis, watch, statuses };
  });
}

test('watches two hundred nodes, one without answers, through an outage of the registry', async () => {
  await using stage = await startStage();
  const { redis, watch, statuses } = stage;
  const allAreHealthy = async () =>
    [...(await statuses()).values()].filter((is) => is === 'healthy').length === nodeCount;

  // Its probe takes 8 s, and the others do not wait for it.
  await eventually('all nodes but one to be healthy', allAreHealthy);
  expect((await statuses()).get('slow')).toBeUndefined();
  await eventually('that one to be unhealthy', async () => (await statuses()).get('slow') === 'unhealthy');

  const linesOnRegistry = () =>
    watch
      .output()
      .split('\n')
      .filter((line) => line.includes('"event":"registry.'))
      .map((line) => String(JSON.parse(line).msg));
  redis.signal('SIGSTOP');
  await eventually('the outage to be logged', () => linesOnRegistry().length > 0);
  redis.signal('SIGCONT');
  await eventually('the recovery to be logged', () => linesOnRegistry().length > 1);
  await eventually('all nodes to be healthy again', allAreHealthy);
  expect(linesOnRegistry().slice(0, 2)).toEqual([
    'the registry is unreachable: retrying the report',
    'the registry accepts reports again',
  ]);

  expect((await readProcessFigures(watch.pid)).residentMib).toBeLessThan(160);
  await watch.stop();
  expect(watch.output()).not.toMatch(/Warning/);
});
