import { expect, test } from '@jest/globals';
import { boundMs, startRedis } from '@turn-router/testing';
import { expectLosses } from './expect-losses.ts';
import { reports, twoRegions } from './fleet.ts';
import { isLost, isWhole } from './standing.ts';
import { startStage } from './stage.ts';

const backMs = boundMs(reports.intervalMs + 1_000);

test.concurrent(
  'Redis is killed and restarted empty: nobody is refused, and the fleet is back an interval later',
  async () => {
    await using stage = await startStage();
    const { redis, router } = stage;
    redis.signal('SIGKILL');
    await redis.exited;
    await router.until('loss to be noticed', isLost, boundMs(2_000));
    await using _restarted = await startRedis({ port: redis.port });
    await router.until('whole fleet', isWhole(twoRegions.length), backMs);
    await stage.load.stop();
    expect(stage.failures()).toEqual([]);
    await expectLosses(router, 1);
  },
);

test.concurrent('FLUSHALL: nobody is refused, and the fleet is back an interval later', async () => {
  await using stage = await startStage();
  const { redis, router } = stage;
  await redis.cli('FLUSHALL');
  await router.until('loss of the fleet', (standing) => !isWhole(twoRegions.length)(standing), boundMs(1_000));
  await router.until('whole fleet', isWhole(twoRegions.length), backMs);
  await stage.load.stop();
  expect(stage.failures()).toEqual([]);
});
