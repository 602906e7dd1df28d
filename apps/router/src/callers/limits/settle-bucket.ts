import { bucketName, leaseMs, type LimitReport, type LimitSettlement } from '@turn-router/registry';
import { freeCalls, isBusy, shareWithoutLedger, wishFrom } from './allowance.ts';
import { capOf, type Bucket, type Surroundings } from './bucket.ts';
import { agedCalls, callsWithin } from './call-window.ts';

/** A report, and what must be remembered of its bucket until it is settled. */
export type SentReport = {
  readonly id: string;
  readonly bucket: Bucket;
  readonly report: LimitReport;
  readonly sentAtMs: number;
  readonly passed: number;
  readonly own: number;
};

/** What the ledger is told of a bucket. @param id says whose bucket it is */
export function reportBucket(id: string, bucket: Bucket, around: Surroundings): SentReport {
  const { nowMs, replicas, aloneSinceMs } = around;
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
 * What the ledger knows of a bucket.
 *
 * @param around as it is now
 * @returns whether the caller is busy, which all routers should know
 */
export function settleBucket(sent: SentReport, settlement: LimitSettlement, around: Surroundings): boolean {
  const { bucket, own } = sent;
  const { nowMs, replicas, aloneSinceMs } = around;
  const { granted, othersCalls, fullForMs } = settlement;
  bucket.settledUpTo = sent.passed;
  bucket.leasedUpTo = sent.passed + granted;
  bucket.leaseEndsMs = sent.sentAtMs + leaseMs;
  bucket.fullUntilMs = fullForMs === 0 ? 0 : nowMs + fullForMs;
  bucket.othersCalls = othersCalls;
  if (aloneSinceMs !== undefined) {
    // The others may not have said yet what they have let through meanwhile: hear once more, and keep the share until then.
    if (callsWithin(bucket.window, nowMs) * 2 >= capOf(bucket, around)) bucket.isUnsettled = true;
  } else {
    bucket.share = shareWithoutLedger({ own, others: othersCalls }, bucket.limit, replicas);
    bucket.sharedAtMs = sent.sentAtMs;
    // What is not used is to be given back.
    if (granted > 0) bucket.isUnsettled = true;
  }
  return isBusy(bucket.limit, own + othersCalls);
}
