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
import { isWhole } from './standing.ts';
import { startWatchedRouter } from './watched-router.ts';

const lifeMs = '3600000';
const keyOf = (name: string) => `turn:node:${name.replace('/', ':')}`;
const slotOf = async (server: RedisServer, key: string) => Number(await server.cli('CLUSTER', 'KEYSLOT', key));

test('Cluster: slots move and a primary is killed under load: nobody is refused, and no MOVED or CROSSSLOT is seen', async () => {
  await using cluster = await startRedisCluster({ replicas: true });
  const [first, second] = cluster.primaries;
  if (first === undefined || second === undefined) throw new RangeError('a cluster of several primaries was asked for');
  // -c follows to the primary of the slot.
  for (const { name, report } of twoRegions) {
    await first.cli('-c', 'SET', keyOf(name), JSON.stringify(report), 'PX', lifeMs);
  }
  await using router = await startWatchedRouter({ redisUrl: cluster.url, policy: policyOf() });
  await router.until('whole fleet', isWhole(twoRegions.length), boundMs(15_000));
  await using load = startSteadyLoad({
    url: router.url,
    ratePerSecond: byForm({ short: 50, full: 200 }),
    maxSeconds: 300,
    callers: [fromLondon, fromVirginia],
  });

  // Every slot of the first that holds a node goes to the second, each half moved for a while.
  for (const { name } of twoRegions) {
    const key = keyOf(name);
    const slot = await slotOf(first, key);
    const isOfFirst = (await first.cli('GET', key)).startsWith('{');
    if (isOfFirst) {
      const sinceMs = performance.now();
      await cluster.moveSlot(slot, first, second, async () => {
        await eventually('calls meanwhile', () => load.answers().some(({ dueAtMs }) => dueAtMs > sinceMs + 500));
      });
    }
  }
  await router.until('whole fleet', isWhole(twoRegions.length), boundMs(2_000));

  second.signal('SIGKILL');
  await second.exited;
  const heir = cluster.replicas[1];
  await eventually('the heir to take over', async () => (await heir?.cli('ROLE'))?.startsWith('master'), {
    timeoutMs: 30_000,
  });
  await router.until('whole fleet', isWhole(twoRegions.length), boundMs(4_000));
  await load.stop();
  expect(load.answers().filter(({ status }) => status !== 200)).toEqual([]);
  expect(load.answers().filter(({ code }) => code !== undefined)).toEqual([]);
  expect(router.output()).not.toMatch(/unhandled|uncaught/i);
});
