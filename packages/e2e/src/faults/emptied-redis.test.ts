import { expect, test } from '@jest/globals';
import { boundMs, startRedis } from '@turn-router/testing';
import { expectLosses } from './expect-losses.ts';
import { reports, twoRegions } from './fleet.ts';
import { isLost, hasAllNodes } from './readiness.ts';
import { startStage } from './stage.ts';

const recoveryMs = boundMs(reports.intervalMs + 1_000);

test.concurrent('when Redis is killed and restarted empty, no call is refused, and all nodes are back an interval later', async () => {
  await using stage = await startStage();
  const { redis, router } = stage;
  redis.signal('SIGKILL');
  await redis.exited;
  await router.until('the router to notice the loss', isLost, boundMs(2_000));
  await using _restarted = await startRedis({ port: redis.port });
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), recoveryMs);
  await stage.load.stop();
  expect(stage.failures()).toEqual([]);
  await expectLosses(router, 1);
});

test.concurrent('after FLUSHALL no call is refused, and all nodes are back an interval later', async () => {
  await using stage = await startStage();
  const { redis, router } = stage;
  // On a busy machine the first nodes are back when the command has ended. So the test looks from before the command on.
  const lost = router.until(
    'the router to lose the nodes',
    (readiness) => !hasAllNodes(twoRegions.length)(readiness),
    boundMs(1_000),
  );
  await Promise.all([redis.cli('FLUSHALL'), lost]);
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), recoveryMs);
  await stage.load.stop();
  expect(stage.failures()).toEqual([]);
});
