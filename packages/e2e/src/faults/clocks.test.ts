import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { boundMs, eventually, startRedis, temporaryDirectory } from '@turn-router/testing';
import { expectLosses } from './expect-losses.ts';
import { ask } from '../ask.ts';
import { createFakeTime } from './fake-time.ts';
import { nodesOf, reports, twoRegions } from './fleet.ts';
import { hasAllNodes } from './readiness.ts';
import { startStage } from './stage.ts';

const hourSeconds = 3_600;
const dayMs = 86_400_000;

const at = (offsetMs: number) => ({ reported_at: new Date(Date.now() + offsetMs).toISOString() });

test.concurrent('with node clocks a day ahead and a day behind, no node is lost, and no silent node is kept too long', async () => {
  const nodes = [
    ...nodesOf('eu-central-1', 3, { id: 'ahead', ...at(dayMs) }),
    ...nodesOf('eu-central-1', 3, { id: 'behind', ...at(-dayMs) }),
    ...nodesOf('eu-central-1', 6, at(0)),
  ];
  await using stage = await startStage({ nodes });
  await eventually('every node to get calls', () => {
    const used = new Set(stage.load.answers().flatMap((answer) => answer.nodes ?? []));
    return nodes.every(({ name }) => used.has(name));
  });
  stage.reporters.silence(['eu-central-1/ahead-1']);
  await stage.router.until(
    'the silent node to be gone',
    ({ healthyNodes }) => healthyNodes === nodes.length - 1,
    boundMs(reports.ttlMs + 1_000),
  );
  await stage.load.stop();
  expect(stage.failures()).toEqual([]);
});

describe('when the router’s clock steps', () => {
  test.concurrent.each([hourSeconds, -hourSeconds])(
    'by %i s, no node is lost, and no silent node is kept too long',
    async (seconds) => {
      await using directory = await temporaryDirectory('clocks');
      const time = await createFakeTime(directory.path);
      await using stage = await startStage({ environment: time.environment });
      const { router, reporters, load } = stage;
      const aheadMs = async () => Date.parse(JSON.parse((await ask(router.url)).body).serverTime) - Date.now();
      await time.shift(seconds);
      await eventually('the clock to have stepped', async () => Math.abs((await aheadMs()) - seconds * 1000) < 60_000);
      const steppedAtMs = performance.now();
      await eventually('a few reads of the registry', () => performance.now() - steppedAtMs > 2_000);
      expect(hasAllNodes(twoRegions.length)(await router.readiness())).toBe(true);
      reporters.silence(['eu-central-1/node-1']);
      await router.until(
        'the silent node to be gone',
        hasAllNodes(twoRegions.length - 1),
        boundMs(reports.ttlMs + 1_000),
      );
      await load.stop();
      expect(stage.failures()).toEqual([]);
      await expectLosses(router, 0);
    },
  );
});

test.concurrent('when the clock of Redis steps an hour ahead and every report expires at once, no node is lost', async () => {
  await using directory = await temporaryDirectory('clocks');
  const time = await createFakeTime(directory.path);
  await using redis = await startRedis({ env: time.environment });
  await using stage = await startStage({ redis });
  const { router, reporters } = stage;
  const redisSeconds = async () => Number((await redis.cli('--raw', 'TIME')).split('\n')[0]);
  await time.shift(hourSeconds);
  await eventually(
    'the clock to have stepped',
    async () => (await redisSeconds()) > Date.now() / 1000 + hourSeconds / 2,
  );
  await delay(reports.intervalMs);
  await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(1_000));
  reporters.silence(['eu-central-1/node-1']);
  await router.until('the silent node to be gone', hasAllNodes(twoRegions.length - 1), boundMs(reports.ttlMs + 1_000));
  await stage.load.stop();
  expect(stage.failures()).toEqual([]);
});
