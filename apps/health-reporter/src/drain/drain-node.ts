import { withdrawnReason, stoppingReason, type HealthReason } from '../health/health-reason.ts';
import type { Logger } from '../logger.ts';
import type { Load, LoadMeter } from '../measure/load-meter.ts';
import type { Clock } from '../system/clock.ts';
import type { Wait } from '../system/wait.ts';
import { drainEnd, shortestDrainMs, type DrainEnd, type DrainMode } from './drain-end.ts';
import type { ModeReader } from './requested-mode.ts';

/** The longest duration of a drain in each mode, milliseconds. */
export type DrainDeadlines = { readonly stopMs: number; readonly withdrawMs: number };

/** The operations of a drain on the record of its node. */
export interface DrainRecordKeeper {
  /** Probes the TURN server once. If `signal` aborts the probe, its result is ignored. */
  probe(signal: AbortSignal): Promise<void>;
  publish(load: Load, draining: HealthReason): Promise<boolean>;
}

export type DrainOptions = {
  readonly keeper: DrainRecordKeeper;
  readonly meter: Pick<LoadMeter, 'measure'>;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly wait: Wait;
  readonly modeControl: ModeReader;
  readonly deadlines: DrainDeadlines;
  readonly logger: Logger;
};

/** The interval between two counts of the allocations, ms. */
const countIntervalMs = 1_000;

const endTexts: Readonly<Record<DrainEnd, string>> = {
  undone: 'it was canceled, and the node has the state that its probes show',
  overtaken: 'another drain with another deadline replaces it',
  hurried: 'a second signal ended it early',
  empty: 'no allocation is left',
  deadline: 'the deadline has passed',
};

/**
 * Drains the node: publishes `draining` at once, and then every interval. The drain ends when no allocation is left, when the deadline has
 * passed, or when the requested mode changes. Probes continue meanwhile, for three purposes: operators read them, the version of the TURN server
 * comes from them, and they show the state after a canceled drain.
 */
export async function drainNode(mode: DrainMode, options: DrainOptions): Promise<DrainEnd> {
  const { keeper, meter, modeControl, clock, wait, logger, intervalMs, deadlines } = options;
  const deadlineMs = Math.max(shortestDrainMs, mode === 'withdraw' ? deadlines.withdrawMs : deadlines.stopMs);
  const draining = mode === 'withdraw' ? withdrawnReason : stoppingReason;
  let load = await meter.measure();
  logger.info(
    {
      event: 'drain.started',
      reason: draining.reason,
      allocations: load.allocations.live,
      deadlineSeconds: deadlineMs / 1000,
    },
    'the node is draining',
  );
  await keeper.publish(load, draining);
  // The drain starts with the first publication, which may take long if the registry is slow.
  const startMs = clock.monotonicMs();

  let nextMs = startMs + intervalMs;
  for (;;) {
    const nowMs = clock.monotonicMs();
    const elapsedMs = nowMs - startMs;
    const allocations = load.allocations.live;
    const end = drainEnd({ startMode: mode, mode: modeControl.current(), elapsedMs, deadlineMs, allocations });
    if (end !== undefined) {
      const seconds = Math.round(elapsedMs / 1000);
      logger.info({ event: 'drain.ended', end, seconds, allocations }, `the drain is over: ${endTexts[end]}`);
      return end;
    }
    await wait(Math.min(countIntervalMs, nextMs - nowMs, deadlineMs - elapsedMs), modeControl.changed());
    load = await meter.measure();
    if (clock.monotonicMs() < nextMs || modeControl.current() !== mode) continue;
    nextMs = clock.monotonicMs() + intervalMs;
    await keeper.probe(modeControl.changed());
    if (modeControl.current() === mode) await keeper.publish(load, draining);
  }
}
