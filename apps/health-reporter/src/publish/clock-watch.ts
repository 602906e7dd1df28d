import { RegistryError } from '@turn-router/registry';
import type { Logger } from '../logger.ts';
import type { Clock } from '../system/clock.ts';
import type { RegistryClock } from './report-publisher.ts';

export type ClockWatchOptions = {
  readonly registry: RegistryClock;
  readonly clock: Clock;
  /** The interval between two comparisons, milliseconds. */
  readonly everyMs: number;
  readonly logger: Logger;
};

/**
 * Measures the difference between this machine's clock and the registry's clock, for operators. A TURN server uses its own clock to decide
 * whether a credential has expired. No other figure shows that this clock is wrong.
 */
export interface ClockWatch {
  /** Returns the offset in milliseconds, positive if this machine's clock is ahead; undefined until the first comparison. */
  offsetMs(): number | undefined;
  /** Compares the clocks if the interval has passed. */
  compareIfDue(): Promise<void>;
}

/** The smallest offset that is logged, milliseconds. */
const largeOffsetMs = 10_000;

/** Assumes that the registry reads its clock half-way between request and response (Cristian, 1989). */
export function createClockWatch({ registry, clock, everyMs, logger }: ClockWatchOptions): ClockWatch {
  let dueMs = clock.monotonicMs();
  let offsetMs: number | undefined;
  let isRefusalLogged = false;

  function take(latestMs: number): void {
    const wasLarge = Math.abs(offsetMs ?? 0) >= largeOffsetMs;
    const isLarge = Math.abs(latestMs) >= largeOffsetMs;
    offsetMs = latestMs;
    const offsetSeconds = Math.round(latestMs / 100) / 10;
    if (isLarge && !wasLarge) {
      logger.warn(
        { event: 'clock.offset_large', offsetSeconds },
        "the node's clock differs from the registry's clock by 10 s or more",
      );
    }
    if (!isLarge && wasLarge) {
      logger.info(
        { event: 'clock.offset_normal', offsetSeconds },
        "the node's clock differs from the registry's clock by less than 10 s again",
      );
    }
  }

  return {
    offsetMs: () => offsetMs,
    async compareIfDue() {
      const askedMs = clock.monotonicMs();
      if (askedMs < dueMs) return;
      dueMs = askedMs + everyMs;
      try {
        const otherMs = await registry.readClock();
        const halfWayMs = clock.nowMs() - (clock.monotonicMs() - askedMs) / 2;
        take(halfWayMs - otherMs);
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        // The registry watch already logs an unreachable registry.
        if (error.code === 'refused' && !isRefusalLogged) {
          isRefusalLogged = true;
          logger.info(
            { event: 'clock.offset_unknown', reason: error.message },
            "cannot read the registry's clock: reports omit clock_offset_ms",
          );
        }
      }
    },
  };
}
