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

/** The time that the first figures cover, at most one interval; milliseconds. */
const firstWindowMs = 250;

/** How much shorter or longer an interval may be, as a share of the interval. */
const jitter = 0.1;

/** The delay before a report is sent again after the registry did not accept it, as a share of the interval. */
const retryShare = 0.2;

/**
 * Measures, probes and publishes once every interval until `stop` fires; the last report then expires with its TTL. The steps run one
 * after the other, so that publications never overlap.
 */
export async function reportUntil(stop: AbortSignal, options: ReportingOptions): Promise<void> {
  const { record, meter, intervalMs, clock, random, wait } = options;
  const retryMs = intervalMs * retryShare;

  /** Retries within the round, so that a registry that returns, perhaps empty, gets the report soon. */
  async function publishUntilAccepted(load: Load, endMs: number): Promise<void> {
    while (!(await record.publish(load))) {
      if (clock.monotonicMs() + retryMs >= endMs) return;
      await wait(retryMs, stop);
      if (stop.aborted) return;
    }
  }

  await meter.measure();
  await wait(Math.min(firstWindowMs, intervalMs), stop);
  while (!stop.aborted) {
    const nextMs = clock.monotonicMs() + intervalMs * (1 - jitter + 2 * jitter * random());
    // Before the probe, since some servers keep the probe's allocations for a second.
    const load = await meter.measure();
    await record.probe(stop);
    if (stop.aborted) return;
    await publishUntilAccepted(load, nextMs);
    await wait(nextMs - clock.monotonicMs(), stop);
  }
}

/**
 * The delay of a reporter's start, ms: uniform in a fifth of the interval, the spread that the jitter gives one interval. Reporters that
 * start at the same moment, as after a power cut, then do not write at the same moment.
 *
 * @param chance uniform in [0, 1)
 */
export function startDelayMs(intervalMs: number, chance: number): number {
  return 2 * jitter * intervalMs * chance;
}
