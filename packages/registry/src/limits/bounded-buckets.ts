import { slotMs, windowSlots } from './limit-ledger.ts';

/** Bounds the buckets that one router has in Redis at the same time. */
export interface BoundedBuckets {
  /** Whether the bucket may be reported to Redis. If there is no room, only the buckets that are in Redis already may. */
  readonly admit: (bucket: string) => boolean;
  readonly size: () => number;
}

/**
 * The largest number of buckets that one router has in Redis at the same time. Each takes Redis about 250 bytes, so one router takes at most
 * 13 MiB. With a smaller number, more callers are limited by each router alone. With a larger number, strangers can fill Redis.
 */
export const redisBucketsMax = 50_000;

/** After this time without a report, Redis has dropped a bucket, ms. */
const lifetimeMs = (windowSlots + 1) * slotMs;

export function createBoundedBuckets(monotonicNowMs: () => number, max = redisBucketsMax): BoundedBuckets {
  /** The time of the last report of each bucket, oldest first. */
  const reportedAtMs = new Map<string, number>();
  return {
    admit(bucket) {
      const nowMs = monotonicNowMs();
      for (const [name, atMs] of reportedAtMs) {
        if (nowMs - atMs < lifetimeMs) break;
        reportedAtMs.delete(name);
      }
      if (!reportedAtMs.has(bucket) && reportedAtMs.size >= max) return false;
      reportedAtMs.delete(bucket);
      reportedAtMs.set(bucket, nowMs);
      return true;
    },
    size: () => reportedAtMs.size,
  };
}
