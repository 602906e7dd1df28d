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
 * Measures how far this machine's clock is from the registry's, for people. A TURN server judges by its own clock whether a credential
 * has expired, and nothing else reveals a wrong clock.
 */
export interface ClockWatch {
  /** The offset in milliseconds, positive when this machine is ahead; undefined until it is known. */
  offsetMs(): number | undefined;
  /** Compares the clocks if the interval has passed. */
  look(): Promise<void>;
}

/** The offset from which a wrong clock is logged, milliseconds. */
const notableOffsetMs = 10_000;

/** Assumes that the other clock was read half-way between request and response (Cristian, 1989). */
export function createClockWatch({ registry, clock, everyMs, logger }: ClockWatchOptions): ClockWatch {
  let dueMs = clock.monotonicMs();
  let offsetMs: number | undefined;
  let isRefusalTold = false;

  function take(latestMs: number): void {
    const wasNotable = Math.abs(offsetMs ?? 0) >= notableOffsetMs;
    const isNotable = Math.abs(latestMs) >= notableOffsetMs;
    offsetMs = latestMs;
    const offsetSeconds = Math.round(latestMs / 100) / 10;
    if (isNotable && !wasNotable) {
      logger.warn({ event: 'clock.offset_large', offsetSeconds }, "the node's clock differs from the registry's");
    }
    if (!isNotable && wasNotable) {
      logger.info({ event: 'clock.offset_normal', offsetSeconds }, "the node's clock agrees with the registry's again");
    }
  }

  return {
    offsetMs: () => offsetMs,
    async look() {
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
        if (error.code === 'refused' && !isRefusalTold) {
          isRefusalTold = true;
          logger.info(
            { event: 'clock.offset_unknown', reason: error.message },
            'the registry refuses to tell its time: reports omit clock_offset_ms',
          );
        }
      }
    },
  };
}
