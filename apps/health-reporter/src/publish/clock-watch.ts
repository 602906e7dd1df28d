import { RegistryError } from '@turn-router/registry';
import { wrongClockMs } from '@turn-router/contract/registry';
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
 * Measures the difference between this machine's clock and the registry's clock. A TURN server uses its own clock to decide whether a credential
 * has expired. Probes do not show that this clock is wrong, because the reporter signs them by the same clock. So routers give no calls to a
 * node whose clock is wrong by a minute or more.
 */
export interface ClockWatch {
  /** Returns the offset in milliseconds, positive if this machine's clock is ahead; undefined until the first comparison. */
  offsetMs(): number | undefined;
  /** Compares the clocks if the interval has passed, if this machine's clock has been set, or if the last comparison failed. */
  compareIfDue(): Promise<void>;
}

/** The smallest offset that is logged, milliseconds. */
const largeOffsetMs = 10_000;

/** A change of the wall clock against the monotonic clock by this much or more means that somebody has set the clock, milliseconds. */
const stepMs = 1_000;

type Verdict = 'normal' | 'large' | 'wrong';

/** Judges an offset as routers do, milliseconds. */
function verdictOn(offsetMs: number): Verdict {
  if (Math.abs(offsetMs) >= wrongClockMs) return 'wrong';
  return Math.abs(offsetMs) >= largeOffsetMs ? 'large' : 'normal';
}

/** Assumes that the registry reads its clock half-way between request and response (Cristian, 1989). */
export function createClockWatch({ registry, clock, everyMs, logger }: ClockWatchOptions): ClockWatch {
  let dueMs = clock.monotonicMs();
  let offsetMs: number | undefined;
  let isRefusalLogged = false;
  /** The wall clock minus the monotonic clock at the last comparison. It changes only if the wall clock is set. */
  let comparedAt = clock.nowMs() - clock.monotonicMs();

  function take(latestMs: number): void {
    const before = verdictOn(offsetMs ?? 0);
    const verdict = verdictOn(latestMs);
    offsetMs = latestMs;
    if (verdict === before) return;
    const offsetSeconds = Math.round(latestMs / 100) / 10;
    if (verdict === 'wrong') {
      logger.error(
        { event: 'clock.wrong', offsetSeconds },
        "the node's clock differs from the registry's clock by 60 s or more: routers give the node no calls",
      );
    } else if (verdict === 'large') {
      logger.warn(
        { event: 'clock.offset_large', offsetSeconds },
        "the node's clock differs from the registry's clock by 10 s or more",
      );
    } else {
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
      const hasStepped = Math.abs(clock.nowMs() - askedMs - comparedAt) >= stepMs;
      if (askedMs < dueMs && !hasStepped) return;
      try {
        const otherMs = await registry.readClock();
        const halfWayMs = clock.nowMs() - (clock.monotonicMs() - askedMs) / 2;
        dueMs = askedMs + everyMs;
        comparedAt = clock.nowMs() - clock.monotonicMs();
        take(halfWayMs - otherMs);
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        // The registry watch already logs an unreachable registry. The next report compares again.
        if (error.code !== 'refused') return;
        dueMs = askedMs + everyMs;
        comparedAt = clock.nowMs() - clock.monotonicMs();
        if (!isRefusalLogged) {
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
