import { slotMs, windowSlots } from '@turn-router/registry';
import { callsWithin, untilOldestLeavesMs } from './call-window.ts';
import { capOf, type Bucket, type LimitContext } from './bucket.ts';
import type { LimitedId } from './limit-subject.ts';

/** The state of one limit after a call. */
export type LimitState = LimitedId & {
  readonly isRefused: boolean;
  /** Calls that the caller has left after this call, as far as this router can tell; 0 if refused. */
  readonly remaining: number;
  /** Time until more calls may pass, in whole seconds, at least 1. */
  readonly resetSeconds: number;
};

/** @param waitMs 0: the call may pass, and is not counted yet */
export function stateOf(
  { kind, id, perMinute }: LimitedId,
  bucket: Bucket,
  waitMs: number,
  context: LimitContext,
): LimitState {
  const { nowMs } = context;
  const isRefused = waitMs > 0;
  // A figure that is more than a minute old is outdated.
  const othersCalls = nowMs - bucket.leaseEndsMs < windowSlots * slotMs ? bucket.othersCalls : 0;
  const calls = callsWithin(bucket.window, nowMs);
  const left = Math.min(capOf(bucket, context), bucket.limit - othersCalls) - calls - 1;
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
