import { bucketName, leaseMs, type LimitReport, type LimitSettlement } from '@turn-router/registry';
import { freeCalls, isBusy, shareWithoutLedger, wishFrom } from './allowance.ts';
import { capOf, type Bucket, type LimitContext } from './bucket.ts';
import { agedCalls, callsWithin } from './call-window.ts';

/** A report of a bucket, and the state of the bucket that is needed to apply the answer. */
export type SentReport = {
  readonly id: string;
  readonly bucket: Bucket;
  readonly report: LimitReport;
  readonly sentAtMs: number;
  readonly passed: number;
  readonly own: number;
};

/**
 * Creates the report of a bucket for the ledger.
 *
 * @param id id of the bucket
 */
export function reportBucket(id: string, bucket: Bucket, context: LimitContext): SentReport {
  const { nowMs, replicas, aloneSinceMs } = context;
  bucket.name ??= bucketName(id);
  const { name, limit, window, passed, tried } = bucket;
  const wish = aloneSinceMs !== undefined ? 0 : wishFrom(tried, freeCalls(limit, replicas));
  bucket.tried = 0;
  bucket.isUnsettled = false;
  return {
    id,
    bucket,
    report: { bucket: name, limit, calls: agedCalls(window, nowMs), wish },
    sentAtMs: nowMs,
    passed,
    own: window.calls,
  };
}

/**
 * Applies the answer of the ledger to a bucket.
 *
 * @param context the current context
 * @returns whether the caller is busy, so that all routers must be told
 */
export function settleBucket(sent: SentReport, settlement: LimitSettlement, context: LimitContext): boolean {
  const { bucket, own } = sent;
  const { nowMs, replicas, aloneSinceMs } = context;
  const { granted, othersCalls, fullForMs } = settlement;
  bucket.settledUpTo = sent.passed;
  bucket.leasedUpTo = sent.passed + granted;
  bucket.leaseEndsMs = sent.sentAtMs + leaseMs;
  bucket.fullUntilMs = fullForMs === 0 ? 0 : nowMs + fullForMs;
  bucket.othersCalls = othersCalls;
  if (aloneSinceMs !== undefined) {
    // Other routers may not have reported their calls yet. Therefore ask again, and keep the part of the limit until then.
    if (callsWithin(bucket.window, nowMs) * 2 >= capOf(bucket, context)) bucket.isUnsettled = true;
  } else {
    bucket.share = shareWithoutLedger({ own, others: othersCalls }, bucket.limit, replicas);
    bucket.sharedAtMs = sent.sentAtMs;
    // The next report gives the unused part of the lease back.
    if (granted > 0) bucket.isUnsettled = true;
  }
  return isBusy(bucket.limit, own + othersCalls);
}
