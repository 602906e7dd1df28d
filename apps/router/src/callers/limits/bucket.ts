import { slotMs, windowSlots } from '@turn-router/registry';
import { capWithoutLedger, freeCalls } from './allowance.ts';
import { callsWithin, countCall, emptyWindow, untilBelowMs, type CallWindow } from './call-window.ts';

/** What this router knows of one caller that is limited. Times are ms of a clock that never steps. */
export type Bucket = {
  /** In the ledger; found when it is first needed. */
  name: string | undefined;
  /** Calls a minute over all routers, as of the last call. */
  limit: number;
  /** What this router has let through. */
  readonly window: CallWindow;
  /** The same since ever; the next four say how far it may go. */
  passed: number;
  /** Of `passed`, what the ledger has heard of. */
  settledUpTo: number;
  /** Up to here calls are leased from the ledger … */
  leasedUpTo: number;
  /** … until then. */
  leaseEndsMs: number;
  /** Until then there is nothing left, says the ledger. */
  fullUntilMs: number;
  /** What the other routers had let through when the ledger last said so. */
  othersCalls: number;
  /** Part of the limit that is this router's while the ledger is away … */
  share: number;
  /** … as the ledger said then; it holds when that was within a minute before the ledger went away. Else all routers have the same. */
  sharedAtMs: number;
  /** Calls let through and refused since the last report. */
  tried: number;
  /** The ledger has yet to hear of it. */
  isUnsettled: boolean;
  /** When a refusal was last news. */
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

/** What surrounds all buckets. */
export type Surroundings = {
  readonly nowMs: number;
  /** Routers that share the limits, this one included. */
  readonly replicas: number;
  /** Since when the ledger cannot be asked, or has not heard from everybody since it is back; undefined: it can be asked. */
  readonly aloneSinceMs: number | undefined;
};

/** Milliseconds until it may be worth asking again; 0: the call may pass. */
export function waitFor(bucket: Bucket, around: Surroundings): number {
  const { limit, window, fullUntilMs } = bucket;
  const { nowMs, replicas, aloneSinceMs } = around;
  const cap = capOf(bucket, around);
  if (callsWithin(window, nowMs) >= cap) return untilBelowMs(window, cap, nowMs);
  if (aloneSinceMs !== undefined || leftAhead(bucket, nowMs) > 0) return 0;
  if (nowMs < fullUntilMs) return fullUntilMs - nowMs;
  return leftAhead(bucket, nowMs) + freeCalls(limit, replicas) > 0 ? 0 : slotMs;
}

/** What this router may let through within a minute, whatever the others do. */
export function capOf({ limit, share, sharedAtMs }: Bucket, { replicas, aloneSinceMs }: Surroundings): number {
  if (aloneSinceMs === undefined) return limit;
  const isShareKnown = aloneSinceMs - sharedAtMs < windowSlots * slotMs;
  return Math.min(
    limit,
    capWithoutLedger(limit, isShareKnown ? share : 1 / Math.max(1, replicas), freeCalls(limit, replicas)),
  );
}

/** Calls that are leased and not used; less than none when some have passed that the ledger has not heard of. */
function leftAhead({ passed, settledUpTo, leasedUpTo, leaseEndsMs }: Bucket, nowMs: number): number {
  return (nowMs < leaseEndsMs ? leasedUpTo : settledUpTo) - passed;
}

/** A call was let through. */
export function letThrough(bucket: Bucket, nowMs: number): void {
  countCall(bucket.window, nowMs);
  bucket.passed += 1;
  bucket.tried += 1;
}

/** Whether the ledger should be asked at once: as many calls again as since the last time, and there is nothing to let through. */
export function isInNeed(bucket: Bucket, { nowMs, replicas, aloneSinceMs }: Surroundings): boolean {
  if (aloneSinceMs !== undefined || replicas <= 1 || nowMs < bucket.fullUntilMs) return false;
  return leftAhead(bucket, nowMs) + freeCalls(bucket.limit, replicas) <= bucket.tried;
}
