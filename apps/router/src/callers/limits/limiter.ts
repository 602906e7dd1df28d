import { bucketName, type LimitSettlement } from '@turn-router/registry';
import { emptyBucket, needsLease, countAccepted, waitMsFor, type Bucket, type LimitContext } from './bucket.ts';
import { createBucketStore } from './bucket-store.ts';
import { stateOf, type LimitState } from './limit-state.ts';
import { bucketIdOf, type LimitedId } from './limit-subject.ts';
import { reportBucket, settleBucket, type SentReport } from './settle-bucket.ts';

export type Verdict = {
  readonly isRefused: boolean;
  /** The states in the order of the limits. If a limit refuses the call, this limit is the last. */
  readonly states: readonly LimitState[];
  /** Whether the refusing limit refuses this caller for the first time in a minute. */
  readonly shouldLog: boolean;
  /** Whether to contact the ledger at once. */
  readonly needsLease: boolean;
};

/** Shortest time between two logged refusals of one bucket, ms. */
const refusalLogIntervalMs = 60_000;

/**
 * At most this many busy buckets are refreshed in one exchange, so that every router can tell how the calls of a busy caller are spread over the
 * routers.
 */
const refreshedMax = 128;

/** Counts calls in memory, and refuses calls that exceed a limit. Reports the counts to the ledger, the count of calls that all routers share. */
export type Limiter = {
  /** Checks a call against its limits. The call is counted only if all limits let it pass. */
  readonly judge: (limits: readonly LimitedId[], context: LimitContext) => Verdict;
  /** Returns reports of at most `most` unsettled buckets. */
  readonly report: (context: LimitContext, most: number) => SentReport[];
  /**
   * Applies the answer of the ledger.
   *
   * @returns the names of busy buckets
   */
  readonly settle: (
    sent: readonly SentReport[],
    settlements: readonly LimitSettlement[],
    context: LimitContext,
  ) => string[];
  /** Marks reports as not delivered. */
  readonly takeBack: (sent: readonly SentReport[]) => void;
  /** Stores the names of buckets that are busy at any router. */
  readonly useBusy: (names: readonly string[], context: LimitContext) => void;
  /** Marks all buckets as unsettled, because the ledger may have lost its data. */
  readonly reportAll: () => void;
  readonly countBuckets: () => number;
};

/** @param bucketsMax see `createBucketStore` */
export function createLimiter(bucketsMax?: number): Limiter {
  const store = createBucketStore(bucketsMax);
  let busy: ReadonlySet<string> = new Set();

  function open(id: string, limit: number, { nowMs }: LimitContext): Bucket {
    const known = store.touch(id);
    if (known !== undefined) {
      known.limit = limit;
      return known;
    }
    const bucket = emptyBucket(limit);
    // The caller is busy at other routers. If the ledger is lost now, these routers hold the rest of the limit.
    if (busy.size > 0 && busy.has(bucketName(id))) bucket.sharedAtMs = nowMs;
    store.add(id, bucket);
    return bucket;
  }

  return {
    judge(limits, context) {
      const states: LimitState[] = [];
      const passing: { id: string; bucket: Bucket }[] = [];
      for (const limited of limits) {
        const id = bucketIdOf(limited);
        const bucket = open(id, limited.perMinute, context);
        const waitMs = waitMsFor(bucket, context);
        if (waitMs > 0) {
          bucket.tried += 1;
          store.unsettle(id, bucket);
          const shouldLog = context.nowMs - bucket.refusedAtMs >= refusalLogIntervalMs;
          if (shouldLog) bucket.refusedAtMs = context.nowMs;
          states.push(stateOf(limited, bucket, waitMs, context));
          return { isRefused: true, states, shouldLog, needsLease: needsLease(bucket, context) };
        }
        passing.push({ id, bucket });
        states.push(stateOf(limited, bucket, 0, context));
      }
      for (const { id, bucket } of passing) {
        countAccepted(bucket, context.nowMs);
        store.unsettle(id, bucket);
      }
      return {
        isRefused: false,
        states,
        shouldLog: false,
        needsLease: passing.some(({ bucket }) => needsLease(bucket, context)),
      };
    },
    report: (context, most) =>
      store.takeUnsettled(most).map(([id, bucket]) => {
        const sent = reportBucket(id, bucket, context);
        store.name(sent.report.bucket, id);
        return sent;
      }),
    settle(sent, settlements, context) {
      const busyNames: string[] = [];
      for (const [index, each] of sent.entries()) {
        const settlement = settlements[index];
        if (settlement === undefined) continue;
        if (settleBucket(each, settlement, context)) busyNames.push(each.report.bucket);
        if (each.bucket.isUnsettled) store.unsettle(each.id, each.bucket);
      }
      return busyNames;
    },
    takeBack(sent) {
      for (const { id, bucket } of sent) store.unsettle(id, bucket);
    },
    useBusy(names, { aloneSinceMs }) {
      // A ledger may have lost its data before it returned.
      busy = new Set(aloneSinceMs === undefined ? names : [...busy, ...names]);
      const known = names.map((name) => store.named(name)).filter((entry) => entry !== undefined);
      const oldest = known.toSorted(([, a], [, b]) => a.leaseEndsMs - b.leaseEndsMs).slice(0, refreshedMax);
      for (const [id, bucket] of oldest) store.unsettle(id, bucket);
    },
    reportAll: store.unsettleAll,
    countBuckets: store.size,
  };
}
