import type { Load, LoadMeter } from '../measure/load-meter.ts';
import type { Clock } from '../system/clock.ts';
import type { Wait } from '../system/wait.ts';
import type { RecordKeeper } from './record-keeper.ts';

export type ReportingOptions = {
  readonly keeper: RecordKeeper;
  readonly meter: LoadMeter;
  readonly intervalMs: number;
  readonly clock: Clock;
  /** Returns random numbers, uniform in [0, 1). They spread the reports of many nodes over time. */
  readonly random: () => number;
  readonly wait: Wait;
};

/** The time that the first figures cover, milliseconds; at most one interval. */
const firstWindowMs = 250;

/** The maximum random change of an interval in both directions, as a part of the interval. */
const jitter = 0.1;

/** The delay before the next attempt if the registry did not accept a report, as a part of the interval. */
const retryShare = 0.2;

/**
 * Measures, probes and publishes once every interval until `stop` fires. The last report then expires with its TTL. The steps run one
 * after the other, so publications never overlap.
 */
export async function runReportLoop(stop: AbortSignal, options: ReportingOptions): Promise<void> {
  const { keeper, meter, intervalMs, clock, random, wait } = options;
  const retryMs = intervalMs * retryShare;

  /** Retries until `endMs`. So a registry that was unreachable gets the report soon, even if it has lost its data. */
  async function publishUntilAccepted(load: Load, endMs: number): Promise<void> {
    while (!(await keeper.publish(load))) {
      if (clock.monotonicMs() + retryMs >= endMs) return;
      await wait(retryMs, stop);
      if (stop.aborted) return;
    }
  }

  await meter.measure();
  await wait(Math.min(firstWindowMs, intervalMs), stop);
  while (!stop.aborted) {
    const nextMs = clock.monotonicMs() + intervalMs * (1 - jitter + 2 * jitter * random());
    // The load is measured before the probe, because some servers keep the probe's allocations for a second.
    const load = await meter.measure();
    await keeper.probe(stop);
    if (stop.aborted) return;
    await publishUntilAccepted(load, nextMs);
    await wait(nextMs - clock.monotonicMs(), stop);
  }
}

/**
 * Returns the delay of a reporter's start, ms: uniform between 0 and a fifth of the interval. The jitter spreads one interval as much. So
 * reporters that start at the same moment, such as after a power cut, do not write at the same moment.
 *
 * @param chance uniform in [0, 1)
 */
export function startDelayMs(intervalMs: number, chance: number): number {
  return 2 * jitter * intervalMs * chance;
}
