import { slotMs, windowSlots } from '@turn-router/registry';
import { capWithoutLedger, freeCalls } from './allowance.ts';
import { callsWithin, countCall, emptyWindow, untilBelowMs, type CallWindow } from './call-window.ts';

/** State of one limit of one caller at this router. Times are ms of a monotonic clock. */
export type Bucket = {
  /** Name in the ledger; computed when first needed. */
  name: string | undefined;
  /** Calls per minute over all routers, as of the last call. */
  limit: number;
  /** Calls that this router has accepted in the last minute. */
  readonly window: CallWindow;
  /** Calls that this router has accepted since the bucket exists. The next four fields bound it. */
  passed: number;
  /** The part of `passed` that the ledger knows. */
  settledUpTo: number;
  /** The value of `passed` up to which calls are leased from the ledger. */
  leasedUpTo: number;
  /** End of the lease. */
  leaseEndsMs: number;
  /** Time until which the limit is used up, according to the ledger. */
  fullUntilMs: number;
  /** Calls that the other routers had accepted, according to the last answer of the ledger. */
  othersCalls: number;
  /** This router's share of the limit while the ledger is away. */
  share: number;
  /** Time of the answer that `share` is from. If it is over a minute before the loss of the ledger, all routers have equal shares instead. */
  sharedAtMs: number;
  /** Calls accepted and refused since the last report. */
  tried: number;
  /** Whether the bucket has changes that the ledger does not know yet. */
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

/** State that all buckets of this router share. */
export type LimitContext = {
  readonly nowMs: number;
  /** Routers that share the limits, this one included. */
  readonly replicas: number;
  /** Time since which the ledger is unreachable, or incomplete after its return; undefined: it is usable. */
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

/** Returns the calls that this router may accept within a minute, whatever the others do. */
export function capOf({ limit, share, sharedAtMs }: Bucket, { replicas, aloneSinceMs }: LimitContext): number {
  if (aloneSinceMs === undefined) return limit;
  const isShareKnown = aloneSinceMs - sharedAtMs < windowSlots * slotMs;
  return Math.min(
    limit,
    capWithoutLedger(limit, isShareKnown ? share : 1 / Math.max(1, replicas), freeCalls(limit, replicas)),
  );
}

/** Returns the unused leased calls; negative if more calls have passed than the ledger knows. */
function unusedLease({ passed, settledUpTo, leasedUpTo, leaseEndsMs }: Bucket, nowMs: number): number {
  return (nowMs < leaseEndsMs ? leasedUpTo : settledUpTo) - passed;
}

/** Counts an accepted call. */
export function countAccepted(bucket: Bucket, nowMs: number): void {
  countCall(bucket.window, nowMs);
  bucket.passed += 1;
  bucket.tried += 1;
}

/** Whether to ask the ledger at once: as many more calls as since the last exchange would use up all that may pass. */
export function needsLease(bucket: Bucket, { nowMs, replicas, aloneSinceMs }: LimitContext): boolean {
  if (aloneSinceMs !== undefined || replicas <= 1 || nowMs < bucket.fullUntilMs) return false;
  return unusedLease(bucket, nowMs) + freeCalls(bucket.limit, replicas) <= bucket.tried;
}
