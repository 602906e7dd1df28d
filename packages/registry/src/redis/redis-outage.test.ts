import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { boundMs, eventually, freePort, seededRandom, startFaultyProxy, startRedis } from '@turn-router/testing';
import { faultOf, frankfurt, read, report, timeUntil, write } from './calls.fixture.ts';
import { createRedisRegistry } from './redis-registry.ts';

/** A cluster of one node, which needs no CLUSTER MEET. */
const oneNodeArgs = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--cluster-port', '0'];

const open = (url: string, random = () => 0) => createRedisRegistry({ url, name: 'test', random });

// These tests mostly wait, so they run concurrently.
describe('a Redis that falls silent', () => {
  test.concurrent('is detected within 2 s, and read within 2 s after it resumes, whatever was sent meanwhile', async () => {
    await using server = await startRedis();
    await using registry = open(server.url, seededRandom(1));
    await registry.put(frankfurt, report, 60_000);
    server.signal('SIGSTOP');
    expect(await timeUntil('timeout', read(registry))).toBeLessThan(boundMs(2000));
    const calls = Array.from({ length: 1000 }, () => faultOf(registry.put(frankfurt, report, 60_000)));
    expect([...new Set(await Promise.all(calls))]).not.toContain(undefined);
    await delay(3000);
    server.signal('SIGCONT');
    expect(await timeUntil(undefined, read(registry))).toBeLessThan(boundMs(2000));
  });

  test.concurrent.each(['redis', 'redis+cluster'])(
    'is detected behind a half-open connection, too: %s',
    async (scheme) => {
      const isCluster = scheme === 'redis+cluster';
      await using server = await startRedis({ args: isCluster ? oneNodeArgs : [] });
      await using proxy = await startFaultyProxy({ target: { port: server.port }, random: () => 0 });
      if (isCluster) {
        // The cluster then announces the proxy as its node.
        await server.cli('CONFIG', 'SET', 'cluster-announce-port', `${proxy.port}`);
        await server.cli('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
      }
      await using registry = open(`${scheme}://127.0.0.1:${proxy.port}`, seededRandom(2));
      await timeUntil(undefined, write(registry));
      await timeUntil(undefined, read(registry));
      await proxy.setFault({ kind: 'black_hole' });
      expect(await timeUntil('timeout', read(registry))).toBeLessThan(boundMs(2000));
      await proxy.setFault({ kind: 'none' });
      expect(await timeUntil(undefined, read(registry))).toBeLessThan(boundMs(2000));
    },
  );
});

describe('a Redis that restarts', () => {
  test.concurrent('has another server id', async () => {
    const port = await freePort();
    await using registry = open(`redis://127.0.0.1:${port}`);
    const first = await startRedis({ port });
    const before = await eventually('a reading', () => registry.readAll());
    first.signal('SIGKILL');
    await first.exited;
    await first.stop();
    await timeUntil('connection', read(registry));
    await using second = await startRedis({ port });
    const after = await eventually(`a reading from ${second.port}`, () => registry.readAll());
    expect(after.serverId).not.toBe(before.serverId);
  });
});
