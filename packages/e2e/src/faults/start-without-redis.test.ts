import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  boundMs,
  eventually,
  freePort,
  silentPort,
  startRedis,
  startScriptedReporters,
  temporaryDirectory,
} from '@turn-router/testing';
import { ask } from '../ask.ts';
import { policyOf, reports, twoRegions } from './fleet.ts';
import { isFresh, hasAllNodes } from './readiness.ts';
import { startWatchedRouter, type WatchedRouter } from './watched-router.ts';

const startFleet = (port: number) => startScriptedReporters({ redisPort: port, nodes: twoRegions, ...reports });
const startHere = (port: number, options: { policy?: string; stateDir?: string } = {}) =>
  startWatchedRouter({ redisUrl: `redis://127.0.0.1:${port}`, policy: policyOf(), ...options });

/** Starts Redis with a fleet, and waits until the router serves that fleet. */
async function expectFreshSoonAfterRedisIsUp(router: WatchedRouter, port: number): Promise<void> {
  await using _redis = await startRedis({ port });
  await router.until('the router to notice the return', isFresh, boundMs(2_000));
  await using _fleet = await startFleet(port);
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(1_000));
  expect(await ask(router.url)).toMatchObject({ status: 200 });
}

describe('a router that starts while Redis is down', () => {
  test.concurrent('serves the last snapshot from disk', async () => {
    await using directory = await temporaryDirectory('state');
    const port = await freePort();
    const stateDir = join(directory.path, 'state');
    {
      await using _redis = await startRedis({ port });
      await using _fleet = await startFleet(port);
      await using before = await startHere(port, { stateDir });
      await before.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(15_000));
      await eventually(
        'the snapshot to be on disk',
        async () => (await stat(join(stateDir, 'registry-redis-1.ndjson'))).size > 0,
      );
    }
    await using router = await startHere(port, { stateDir });
    expect(await router.readiness()).toMatchObject({
      ready: true,
      trust: 'last_known',
      healthyNodes: twoRegions.length,
    });
    const answer = await ask(router.url);
    expect(answer.status).toBe(200);
    expect(twoRegions.map(({ name }) => name)).toContain(JSON.parse(answer.body).nodes[0]);
    await expectFreshSoonAfterRedisIsUp(router, port);
  });

  test.concurrent('serves the static nodes of the policy', async () => {
    const port = await freePort();
    const staticNodes = `staticNodes: [{id: rescue, publicIp: 127.0.0.3, port: ${silentPort}}]`;
    await using router = await startHere(port, { policy: policyOf('', { 'us-east-1': staticNodes }) });
    expect(await router.readiness()).toMatchObject({ ready: true, trust: 'static' });
    const answer = await ask(router.url);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ region: 'us-east-1', nodes: ['us-east-1/rescue'] });
    await expectFreshSoonAfterRedisIsUp(router, port);
    expect(JSON.parse((await ask(router.url)).body).nodes[0]).not.toBe('us-east-1/rescue');
  });

  test.concurrent('refuses calls with Retry-After if it has neither, and retries Redis', async () => {
    const port = await freePort();
    await using router = await startHere(port);
    const refused = await ask(router.url);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.parse(refused.body)).toMatchObject({ status: 503, code: 'no_relay_available' });
    expect(await router.readiness()).toMatchObject({ ready: false, trust: 'none', healthyNodes: 0 });
    expect((await fetch(`${router.url}/livez`)).status).toBe(200);
    expect(await router.logged('"event":"registry.unreachable"')).toHaveLength(1);
    await expectFreshSoonAfterRedisIsUp(router, port);
  });
});
