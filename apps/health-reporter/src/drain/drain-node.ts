import { stayingAwayReason, stoppingReason, type HealthReason } from '../health/health-reason.ts';
import type { Logger } from '../logger.ts';
import type { Load, LoadMeter } from '../measure/load-meter.ts';
import type { Clock } from '../system/clock.ts';
import type { Wait } from '../system/wait.ts';
import { drainEnd, shortestDrainMs, type DrainEnd, type DrainOrder } from './drain-end.ts';
import type { Orders } from './orders.ts';

/** The longest duration of a drain for each order, milliseconds. */
export type DrainDeadlines = { readonly leaveMs: number; readonly stayAwayMs: number };

/** The operations of a drain on the record of its node. */
export interface DrainingRecord {
  /** Probes the TURN server once; a probe that `signal` aborts has no effect. */
  probe(signal: AbortSignal): Promise<void>;
  publish(load: Load, draining: HealthReason): Promise<boolean>;
}

export type DrainOptions = {
  readonly record: DrainingRecord;
  readonly meter: Pick<LoadMeter, 'measure'>;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly wait: Wait;
  readonly orders: Orders;
  readonly deadlines: DrainDeadlines;
  readonly logger: Logger;
};

/** The interval between two counts of the allocations, ms. */
const countIntervalMs = 1_000;

const endTexts: Readonly<Record<DrainEnd, string>> = {
  undone: 'it was canceled; the probes decide the state again',
  overtaken: 'another order replaces it',
  hurried: 'a second signal cut it short',
  empty: 'no allocation is left',
  deadline: 'the deadline has passed',
};

/**
 * Publishes `draining` at once and every interval until no allocation is left, the deadline has passed, or the order changes. Probes
 * continue meanwhile: people read them, they give the version of the TURN server, and they give the state after a canceled drain.
 */
export async function drainNode(order: DrainOrder, options: DrainOptions): Promise<DrainEnd> {
  const { record, meter, orders, clock, wait, logger, intervalMs, deadlines } = options;
  const deadlineMs = Math.max(shortestDrainMs, order === 'stay_away' ? deadlines.stayAwayMs : deadlines.leaveMs);
  const draining = order === 'stay_away' ? stayingAwayReason : stoppingReason;
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
  await record.publish(load, draining);
  // The time counts from the first publication, which a slow registry delays.
  const startMs = clock.monotonicMs();

  let nextMs = startMs + intervalMs;
  for (;;) {
    const nowMs = clock.monotonicMs();
    const elapsedMs = nowMs - startMs;
    const allocations = load.allocations.live;
    const end = drainEnd({ begunBy: order, order: orders.current(), elapsedMs, deadlineMs, allocations });
    if (end !== undefined) {
      const seconds = Math.round(elapsedMs / 1000);
      logger.info({ event: 'drain.ended', end, seconds, allocations }, `the drain is over: ${endTexts[end]}`);
      return end;
    }
    await wait(Math.min(countIntervalMs, nextMs - nowMs, deadlineMs - elapsedMs), orders.changed());
    load = await meter.measure();
    if (clock.monotonicMs() < nextMs || orders.current() !== order) continue;
    nextMs = clock.monotonicMs() + intervalMs;
    await record.probe(orders.changed());
    if (orders.current() === order) await record.publish(load, draining);
  }
}
