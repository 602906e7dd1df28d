import { RegistryError } from '@turn-router/registry';
import type { Logger } from '../logger.ts';
import type { Clock } from '../system/clock.ts';
import type { RegistryClock } from './report-publisher.ts';

export type ClockWatchOptions = {
  readonly registry: RegistryClock;
  readonly clock: Clock;
  /** Between two comparisons, milliseconds. */
  readonly everyMs: number;
  readonly logger: Logger;
};

/**
 * How far this machine's clock is from the registry's, for people: a TURN server judges by its own clock whether a credential has
 * expired, and nothing else shows that it is wrong.
 */
export interface ClockWatch {
  /** Milliseconds, positive when this machine is ahead; undefined until it is known. */
  offsetMs(): number | undefined;
  /** Compares once more when it is time. */
  look(): Promise<void>;
}

/** From here on a wrong clock is worth a line in the log, milliseconds. */
const notableOffsetMs = 10_000;

/** The other clock is taken to have been read half-way between question and answer (Cristian, 1989). */
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
        // A registry that is away is told of where reports are put.
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
