import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { byForm, boundMs, eventually, readProcessFigures, type LoadSummary } from '@turn-router/testing';
import { isFresh, isLost } from './readiness.ts';
import { startStage } from './stage.ts';

const stopsSeconds = byForm({ short: [3], full: [5, 60, 600] });
const warmUpMs = byForm({ short: 1_000, full: 20_000 });

/** The full form has the bound of the requirement; the short form asserts no speed. */
const maxSlowdownMs = byForm({ short: Infinity, full: 5 });
const maxGrowthMib = byForm({ short: 64, full: 10 });

const summaryOf = ({ calls, p50Ms, p99Ms, maxMs }: LoadSummary) =>
  `${calls} calls, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, max ${maxMs.toFixed(1)} ms`;

describe('when Redis is stopped (SIGSTOP)', () => {
  test.concurrent.each(stopsSeconds)(
    'for %i s, no call is refused or slowed down, and the router notices its return',
    async (seconds) => {
      await using stage = await startStage();
      // A second router, whose Redis works, shows how the machine itself affects latency.
      await using control = await startStage();
      const { redis, router, load } = stage;
      await delay(warmUpMs);
      const before = await readProcessFigures(router.pid);
      const stoppedAtMs = performance.now();
      redis.signal('SIGSTOP');
      await router.until('the router to notice the loss', isLost, boundMs(2_000));
      await delay(seconds * 1000 - (performance.now() - stoppedAtMs));
      const resumedAtMs = performance.now();
      redis.signal('SIGCONT');
      await redis.cli(
        'SET',
        'turn:node:eu-central-1:new',
        '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"127.0.0.2","port":3478}',
        'PX',
        '600000',
      );
      await Promise.all([
        router.until('the router to notice the return', isFresh, boundMs(2_000)),
        eventually(
          'calls to a node reported now',
          () => load.answers().some(({ nodes, dueAtMs }) => dueAtMs > resumedAtMs && nodes?.[0] === 'eu-central-1/new'),
          { timeoutMs: boundMs(2_000), everyMs: 20 },
        ),
      ]);
      // The nodes could not report. The router must not drop them now.
      await delay(2_000);
      const after = await readProcessFigures(router.pid);
      await load.stop();

      const baseline = control.load.window(stoppedAtMs, resumedAtMs);
      const during = load.window(stoppedAtMs, resumedAtMs);
      process.stdout.write(
        `SIGSTOP ${seconds} s: control ${summaryOf(baseline)}; router ${summaryOf(during)}; ` +
          `${before.residentMib.toFixed(0)} MiB → ${after.residentMib.toFixed(0)} MiB\n`,
      );
      expect(stage.failures()).toEqual([]);
      expect(during.p99Ms).toBeLessThanOrEqual(baseline.p99Ms + maxSlowdownMs);
      expect(after.residentMib).toBeLessThanOrEqual(before.residentMib + maxGrowthMib);
    },
    60_000 + 1000 * Math.max(...stopsSeconds),
  );
});
