import { expect, test } from '@jest/globals';
import {
  byForm,
  boundMs,
  eventually,
  startRedisCluster,
  startSteadyLoad,
  type RedisServer,
} from '@turn-router/testing';
import { fromLondon, fromVirginia, policyOf, twoRegions } from './fleet.ts';
import { hasAllNodes } from './readiness.ts';
import { startWatchedRouter } from './watched-router.ts';

const lifeMs = '250000';
const keyOf = (name: string) => `turn:node:${name.replace('/', ':')}`;
const slotOf = async (server: RedisServer, key: string) => Number(await server.cli('CLUSTER', 'KEYSLOT', key));

test('while a Redis Cluster moves slots and loses a primary under load, no call is refused or fails', async () => {
  await using cluster = await startRedisCluster({ replicas: true });
  const [first, second] = cluster.primaries;
  if (first === undefined || second === undefined) throw new RangeError('expected a cluster of several primaries');
  // -c redirects the command to the primary of the slot.
  for (const { name, report } of twoRegions) {
    await first.cli('-c', 'SET', keyOf(name), JSON.stringify(report), 'PX', lifeMs);
  }
  await using router = await startWatchedRouter({ redisUrl: cluster.url, policy: policyOf() });
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(15_000));
  await using load = startSteadyLoad({
    url: router.url,
    ratePerSecond: byForm({ short: 20, full: 200 }),
    maxSeconds: 300,
    callers: [fromLondon, fromVirginia],
  });

  // Moves every slot that holds a node from the first primary to the second. Each slot stays half moved for a while.
  for (const { name } of twoRegions) {
    const key = keyOf(name);
    const slot = await slotOf(first, key);
    const isOnFirst = (await first.cli('GET', key)).startsWith('{');
    if (isOnFirst) {
      const sinceMs = performance.now();
      await cluster.moveSlot(slot, first, second, async () => {
        await eventually('calls while the slot moves', () =>
          load.answers().some(({ dueAtMs }) => dueAtMs > sinceMs + 500),
        );
      });
    }
  }
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(2_000));

  second.signal('SIGKILL');
  await second.exited;
  const promoted = cluster.replicas[1];
  await eventually('the replica to become primary', async () => (await promoted?.cli('ROLE'))?.startsWith('master'), {
    timeoutMs: 30_000,
  });
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(4_000));
  await load.stop();
  expect(load.answers().filter(({ status }) => status !== 200)).toEqual([]);
  expect(load.answers().filter(({ code }) => code !== undefined)).toEqual([]);
  expect(router.output()).not.toMatch(/unhandled|uncaught/i);
});
