import { slotMs, windowSlots } from '@turn-router/registry';
import { callsWithin, untilOldestLeavesMs } from './call-window.ts';
import { capOf, type Bucket, type Surroundings } from './bucket.ts';
import type { LimitedId } from './limit-subject.ts';

/** How one limit stands with a call. */
export type LimitState = LimitedId & {
  readonly isRefused: boolean;
  /** Calls that are left after this one, as far as this router knows; 0 when it refuses. */
  readonly remaining: number;
  /** Whole seconds, at least 1: until there may be more. */
  readonly resetSeconds: number;
};

/** @param waitMs 0: the call may pass, and is not yet counted */
export function stateOf(
  { kind, id, perMinute }: LimitedId,
  bucket: Bucket,
  waitMs: number,
  around: Surroundings,
): LimitState {
  const { nowMs } = around;
  const isRefused = waitMs > 0;
  // What was known a minute ago is no longer true.
  const othersCalls = nowMs - bucket.leaseEndsMs < windowSlots * slotMs ? bucket.othersCalls : 0;
  const calls = callsWithin(bucket.window, nowMs);
  const left = Math.min(capOf(bucket, around), bucket.limit - othersCalls) - calls - 1;
  const resetMs =
    isRefused || calls > 0 ? Math.max(waitMs, untilOldestLeavesMs(bucket.window, nowMs)) : windowSlots * slotMs;
  return {
    kind,
    id,
    perMinute,
    isRefused,
    remaining: isRefused ? 0 : Math.max(0, left),
    resetSeconds: Math.max(1, Math.ceil((isRefused ? waitMs : resetMs) / 1000)),
  };
}
