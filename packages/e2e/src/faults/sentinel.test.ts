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
import { isFresh, isWhole } from './standing.ts';
import { startWatchedRouter } from './watched-router.ts';

const failovers = byForm({ short: 2, full: 20 });
const lifeMs = '3600000';
const record = '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"127.0.0.2","port":3478}';

async function writeFleet(redis: RedisServer): Promise<void> {
  for (const { name, report } of twoRegions) {
    await redis.cli('SET', `turn:node:${name.replace('/', ':')}`, JSON.stringify(report), 'PX', lifeMs);
  }
}

test.concurrent(
  `Sentinel fails over ${failovers} times under load: nobody is refused, and the new primary is read 2 s later`,
  async () => {
    await using sentinels = await startRedisSentinels();
    await writeFleet(await sentinels.primary());
    await using router = await startWatchedRouter({ redisUrl: sentinels.url, policy: policyOf() });
    await router.until('whole fleet', isWhole(twoRegions.length), boundMs(15_000));
    await using load = startSteadyLoad({
      url: router.url,
      ratePerSecond: byForm({ short: 50, full: 200 }),
      maxSeconds: 1_200,
      callers: [fromLondon, fromVirginia],
    });

    for (let failover = 1; failover <= failovers; failover += 1) {
      const primary = await sentinels.failOver();
      const failedOverAtMs = performance.now();
      await router.until('return to be noticed', isFresh, boundMs(2_000));
      // Written to the new primary alone: who reads the demoted one for long would not see it.
      await primary.cli('SET', `turn:node:eu-central-1:after-${failover}`, record, 'PX', lifeMs);
      await eventually(
        'a report to the new primary to be used',
        () =>
          load
            .answers()
            .some(({ dueAtMs, nodes }) => dueAtMs > failedOverAtMs && nodes?.[0] === `eu-central-1/after-${failover}`),
        { timeoutMs: boundMs(4_000), everyMs: 20 },
      );
      // Sentinel refuses another one too soon after; and replicas must follow first.
      await delay(1_000);
    }
    await load.stop();
    expect(load.answers().filter(({ status }) => status !== 200)).toEqual([]);
    expect(router.output()).not.toMatch(/unhandled|uncaught/i);
  },
  600_000,
);

test.concurrent('the primary is killed: nobody is refused, and its heir is read', async () => {
  await using sentinels = await startRedisSentinels();
  const primary = await sentinels.primary();
  await writeFleet(primary);
  await using router = await startWatchedRouter({ redisUrl: sentinels.url, policy: policyOf() });
  await router.until('whole fleet', isWhole(twoRegions.length), boundMs(15_000));
  await using load = startSteadyLoad({ url: router.url, ratePerSecond: 50, maxSeconds: 120 });
  primary.signal('SIGKILL');
  const heir = await eventually('the heir', async () => {
    const now = await sentinels.primary();
    return now !== primary && now;
  });
  await router.until('whole fleet', isWhole(twoRegions.length), boundMs(2_000));
  await heir.cli('SET', 'turn:node:us-east-1:late', record, 'PX', lifeMs);
  await eventually('a report to the heir to be used', () =>
    load.answers().some(({ nodes }) => nodes?.[0] === 'us-east-1/late'),
  );
  await load.stop();
  expect(load.answers().filter(({ status }) => status !== 200)).toEqual([]);
});
