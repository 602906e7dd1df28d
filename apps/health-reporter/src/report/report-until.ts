import type { Load, LoadMeter } from '../measure/load-meter.ts';
import type { Clock } from '../system/clock.ts';
import type { Wait } from '../system/wait.ts';
import type { RecordKeeper } from './node-record.ts';

export type ReportingOptions = {
  readonly record: RecordKeeper;
  readonly meter: LoadMeter;
  readonly intervalMs: number;
  readonly clock: Clock;
  /** Uniform in [0, 1): spreads the reports of many nodes. */
  readonly random: () => number;
  readonly wait: Wait;
};

/** The first figures cover this, unless an interval is shorter; milliseconds. */
const firstWindowMs = 250;

/** How much shorter or longer an interval may be, as a share of it. */
const jitter = 0.1;

/** How long after the registry did not take a report that is offered again, as a share of the interval. */
const offerAgain = 0.2;

/**
 * Probes, measures and publishes once every interval until `stop` fires; what was published last stands for its ttl. One thing after the
 * other, so that no publication overlaps another.
 */
export async function reportUntil(stop: AbortSignal, options: ReportingOptions): Promise<void> {
  const { record, meter, intervalMs, clock, random, wait } = options;
  const offerAgainMs = intervalMs * offerAgain;

  /** A registry that is back, perhaps emptied, need not wait for the next round. */
  async function publishUntilTaken(load: Load, endMs: number): Promise<void> {
    while (!(await record.publish(load))) {
      if (clock.monotonicMs() + offerAgainMs >= endMs) return;
      await wait(offerAgainMs, stop);
      if (stop.aborted) return;
    }
  }

  await meter.measure();
  await wait(Math.min(firstWindowMs, intervalMs), stop);
  while (!stop.aborted) {
    const nextMs = clock.monotonicMs() + intervalMs * (1 - jitter + 2 * jitter * random());
    // Before the probe, whose own allocations some servers hold on to for a second.
    const load = await meter.measure();
    await record.probe(stop);
    if (stop.aborted) return;
    await publishUntilTaken(load, nextMs);
    await wait(nextMs - clock.monotonicMs(), stop);
  }
}

/**
 * How long a reporter holds back at its start, ms: uniform in a fifth of the interval, which is as far apart as the jitter of an interval
 * brings two reporters. Many that start in one moment, as after a power cut, do not write in one.
 *
 * @param chance uniform in [0, 1)
 */
export function startDelayMs(intervalMs: number, chance: number): number {
  return 2 * jitter * intervalMs * chance;
}
