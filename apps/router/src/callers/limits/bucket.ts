import { slotMs, windowSlots } from '@turn-router/registry';
import { capWithoutLedger, freeCalls } from './allowance.ts';
import { callsWithin, countCall, emptyWindow, untilBelowMs, type CallWindow } from './call-window.ts';

/**
 * The state of one limit of one caller at this router. Times are ms of a monotonic clock. The ledger is the count of calls that all routers share.
 */
export type Bucket = {
  /** Name of the bucket in the ledger. It is computed when it is first needed. */
  name: string | undefined;
  /** Calls per minute over all routers, as of the last call. */
  limit: number;
  /** Calls that this router has accepted in the last minute. */
  readonly window: CallWindow;
  /** Calls that this router has accepted since the bucket exists. The next four fields limit this count. */
  passed: number;
  /** The part of `passed` that the ledger has counted. */
  settledUpTo: number;
  /** The value of `passed` up to which the calls are leased from the ledger. */
  leasedUpTo: number;
  /** End of the lease. */
  leaseEndsMs: number;
  /** Until this time the limit is used up, according to the ledger. */
  fullUntilMs: number;
  /** Calls that the other routers had accepted at the last answer of the ledger. */
  othersCalls: number;
  /** This router's part of the limit while the ledger is unreachable, 0 to 1. */
  share: number;
  /**
   * Time of the answer of the ledger from which `share` was computed. If this was over a minute before the ledger was lost, all routers use equal
   * parts instead.
   */
  sharedAtMs: number;
  /** Accepted and refused calls since the last report. */
  tried: number;
  /** Whether the bucket has changes that are not reported to the ledger yet. */
  isUnsettled: boolean;
  /** Time of the last logged refusal. */
  refusedAtMs: number;
};

export function emptyBucket(limit: number): Bucket {
  return {
    name: undefined,
    limit,
    window: emptyWindow(),
    passed: 0,
    settledUpTo: 0,
    leasedUpTo: 0,
    leaseEndsMs: 0,
    fullUntilMs: 0,
    othersCalls: 0,
    share: 0,
    sharedAtMs: Number.NEGATIVE_INFINITY,
    tried: 0,
    isUnsettled: false,
    refusedAtMs: Number.NEGATIVE_INFINITY,
  };
}

/** The state that all buckets of this router share. */
export type LimitContext = {
  readonly nowMs: number;
  /** Routers that share the limits, this one included. */
  readonly replicas: number;
  /** The time at which the ledger became unusable: unreachable, or incomplete after its return. Undefined: the ledger is usable. */
  readonly aloneSinceMs: number | undefined;
};

/** Returns the time until a retry may succeed, ms; 0: the call may pass. */
export function waitMsFor(bucket: Bucket, context: LimitContext): number {
  const { limit, window, fullUntilMs } = bucket;
  const { nowMs, replicas, aloneSinceMs } = context;
  const cap = capOf(bucket, context);
  if (callsWithin(window, nowMs) >= cap) return untilBelowMs(window, cap, nowMs);
  if (aloneSinceMs !== undefined || unusedLease(bucket, nowMs) > 0) return 0;
  if (nowMs < fullUntilMs) return fullUntilMs - nowMs;
  return unusedLease(bucket, nowMs) + freeCalls(limit, replicas) > 0 ? 0 : slotMs;
}

/** Returns the number of calls that this router may accept within a minute, whatever the other routers accept. */
export function capOf({ limit, share, sharedAtMs }: Bucket, { replicas, aloneSinceMs }: LimitContext): number {
  if (aloneSinceMs === undefined) return limit;
  const isShareKnown = aloneSinceMs - sharedAtMs < windowSlots * slotMs;
  return Math.min(
    limit,
    capWithoutLedger(limit, isShareKnown ? share : 1 / Math.max(1, replicas), freeCalls(limit, replicas)),
  );
}

/** Returns the number of unused leased calls. It is negative if more calls have passed than the ledger has counted. */
function unusedLease({ passed, settledUpTo, leasedUpTo, leaseEndsMs }: Bucket, nowMs: number): number {
  return (nowMs < leaseEndsMs ? leasedUpTo : settledUpTo) - passed;
}

/** Counts an accepted call. */
export function countAccepted(bucket: Bucket, nowMs: number): void {
  countCall(bucket.window, nowMs);
  bucket.passed += 1;
  bucket.tried += 1;
}

/**
 * Whether to contact the ledger at once. This is so if another burst, as large as all calls since the last exchange, would use up all calls that
 * may pass.
 */
export function needsLease(bucket: Bucket, { nowMs, replicas, aloneSinceMs }: LimitContext): boolean {
  if (aloneSinceMs !== undefined || replicas <= 1 || nowMs < bucket.fullUntilMs) return false;
  return unusedLease(bucket, nowMs) + freeCalls(bucket.limit, replicas) <= bucket.tried;
}
