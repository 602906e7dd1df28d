import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import {
  byForm,
  boundMs,
  eventually,
  startRedisSentinels,
  startSteadyLoad,
  type RedisServer,
} from '@turn-router/testing';
import { fromLondon, fromVirginia, policyOf, twoRegions } from './fleet.ts';
import { isFresh, hasAllNodes } from './readiness.ts';
import { startWatchedRouter } from './watched-router.ts';

const failovers = byForm({ short: 2, full: 20 });
const lifeMs = '250000';
const record = '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"127.0.0.2","port":3478}';

async function writeFleet(redis: RedisServer): Promise<void> {
  for (const { name, report } of twoRegions) {
    await redis.cli('SET', `turn:node:${name.replace('/', ':')}`, JSON.stringify(report), 'PX', lifeMs);
  }
}

test.concurrent(`while Sentinel fails over ${failovers} times under load, no call is refused, and the router reads each new primary 2 s later`, async () => {
  await using sentinels = await startRedisSentinels();
  await writeFleet(await sentinels.primary());
  await using router = await startWatchedRouter({ redisUrl: sentinels.url, policy: policyOf() });
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(15_000));
  await using load = startSteadyLoad({
    url: router.url,
    ratePerSecond: byForm({ short: 20, full: 200 }),
    maxSeconds: 1_200,
    callers: [fromLondon, fromVirginia],
  });

  for (let failover = 1; failover <= failovers; failover += 1) {
    const primary = await sentinels.failOver();
    const failedOverAtMs = performance.now();
    await router.until('the router to notice the return', isFresh, boundMs(2_000));
    // This record is only on the new primary. A router that still reads the demoted one does not see it.
    await primary.cli('SET', `turn:node:eu-central-1:after-${failover}`, record, 'PX', lifeMs);
    await eventually(
      'calls to a node reported to the new primary',
      () =>
        load
          .answers()
          .some(({ dueAtMs, nodes }) => dueAtMs > failedOverAtMs && nodes?.[0] === `eu-central-1/after-${failover}`),
      { timeoutMs: boundMs(4_000), everyMs: 20 },
    );
    // Sentinel refuses a failover too soon after the previous one, and the replicas must follow the new primary first.
    await delay(1_000);
  }
  await load.stop();
  expect(load.answers().filter(({ status }) => status !== 200)).toEqual([]);
  expect(router.output()).not.toMatch(/unhandled|uncaught/i);
}, 600_000);

test.concurrent('when the primary is killed, no call is refused, and the router reads the new primary', async () => {
  await using sentinels = await startRedisSentinels();
  const primary = await sentinels.primary();
  await writeFleet(primary);
  await using router = await startWatchedRouter({ redisUrl: sentinels.url, policy: policyOf() });
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(15_000));
  await using load = startSteadyLoad({ url: router.url, ratePerSecond: 20, maxSeconds: 120 });
  primary.signal('SIGKILL');
  const promoted = await eventually('a new primary', async () => {
    const now = await sentinels.primary();
    return now !== primary && now;
  });
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(2_000));
  await promoted.cli('SET', 'turn:node:us-east-1:late', record, 'PX', lifeMs);
  await eventually('calls to a node reported to the new primary', () =>
    load.answers().some(({ nodes }) => nodes?.[0] === 'us-east-1/late'),
  );
  await load.stop();
  expect(load.answers().filter(({ status }) => status !== 200)).toEqual([]);
});
