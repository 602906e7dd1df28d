import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { byForm, isFullForm, readProcessFigures } from '@turn-router/testing';
import { nodesOf } from './fleet.ts';
import { startStage } from './stage.ts';

const nodes = [
  ...nodesOf('eu-central-1', byForm({ short: 500, full: 5_000 })),
  ...nodesOf('us-east-1', byForm({ short: 500, full: 5_000 })),
];
const ratePerSecond = byForm({ short: 20, full: 1_000 });
const seconds = byForm({ short: 3, full: 60 });

/** prom-client measures with a timer of 10 ms. Its figures include these 10 ms even if nothing blocks the event loop. */
const timerMs = 10;

test(`${nodes.length} reporting nodes and ${ratePerSecond} calls a second keep the event loop and the memory within their bounds`, async () => {
  await using stage = await startStage({ nodes, ratePerSecond, varyBandwidth: true });
  const { router, load } = stage;
  // The first scrape resets the figures of the start and the warm-up.
  await delay(byForm({ short: 0, full: 25_000 }));
  await router.metric('nodejs_eventloop_lag_max_seconds');
  await delay(seconds * 1000);
  const blockedMs = 1000 * (await router.metric('nodejs_eventloop_lag_max_seconds')) - timerMs;
  const { residentMib } = await readProcessFigures(router.pid);
  await load.stop();
  process.stdout.write(
    `${nodes.length} nodes, ${ratePerSecond} calls/s: event loop blocked ≤ ${blockedMs.toFixed(1)} ms, ` +
      `${residentMib.toFixed(0)} MiB, p99 ${load.window(0, Infinity).p99Ms.toFixed(1)} ms\n`,
  );
  expect(stage.failures()).toEqual([]);
  expect(residentMib).toBeLessThanOrEqual(250);
  expect(blockedMs).toBeLessThanOrEqual(isFullForm ? 20 : Infinity);
}, 300_000);
