import { bucketName, type LimitSettlement } from '@turn-router/registry';
import { emptyBucket, isInNeed, letThrough, waitFor, type Bucket, type Surroundings } from './bucket.ts';
import { createBucketStore } from './bucket-store.ts';
import { stateOf, type LimitState } from './limit-state.ts';
import { bucketIdOf, type LimitedId } from './limit-subject.ts';
import { reportBucket, settleBucket, type SentReport } from './settle-bucket.ts';

export type Verdict = {
  readonly isRefused: boolean;
  /** In the order of the limits; the one that refuses is the last. */
  readonly states: readonly LimitState[];
  /** It refuses, and this is the first refusal of its limit in a minute. */
  readonly isNews: boolean;
  /** The ledger should be asked at once. */
  readonly isInNeed: boolean;
};

/** How far apart refusals of one bucket are news, ms. */
const newsIntervalMs = 60_000;

/** Busy buckets that are asked for again in one exchange, so that every router knows how its calls are spread. */
const refreshedMax = 128;

/** Counts calls in memory, and refuses those that are too many. */
export type Limiter = {
  /** A call passes when it may by all of its limits, and is counted then only. */
  readonly judge: (limits: readonly LimitedId[], around: Surroundings) => Verdict;
  /** What the ledger has yet to hear, at most `most` buckets. */
  readonly report: (around: Surroundings, most: number) => SentReport[];
  /** @returns names of those of the buckets that are busy */
  readonly settle: (
    sent: readonly SentReport[],
    settlements: readonly LimitSettlement[],
    around: Surroundings,
  ) => string[];
  /** The ledger has not taken these. */
  readonly takeBack: (sent: readonly SentReport[]) => void;
  /** Which buckets are busy at some router. */
  readonly useBusy: (names: readonly string[], around: Surroundings) => void;
  /** The ledger may have lost everything: it is to hear all of it again. */
  readonly reportAll: () => void;
  readonly countBuckets: () => number;
};

/** @param bucketsMax see `createBucketStore` */
export function createLimiter(bucketsMax?: number): Limiter {
  const store = createBucketStore(bucketsMax);
  let busy: ReadonlySet<string> = new Set();

  function open(id: string, limit: number, { nowMs }: Surroundings): Bucket {
    const known = store.touch(id);
    if (known !== undefined) {
      known.limit = limit;
      return known;
    }
    const bucket = emptyBucket(limit);
    // It is busy, and not here: should the ledger go away now, what is left of its limit is the other routers'.
    if (busy.size > 0 && busy.has(bucketName(id))) bucket.sharedAtMs = nowMs;
    store.add(id, bucket);
    return bucket;
  }

  return {
    judge(limits, around) {
      const states: LimitState[] = [];
      const passing: { id: string; bucket: Bucket }[] = [];
      for (const limited of limits) {
        const id = bucketIdOf(limited);
        const bucket = open(id, limited.perMinute, around);
        const waitMs = waitFor(bucket, around);
        if (waitMs > 0) {
          bucket.tried += 1;
          store.unsettle(id, bucket);
          const isNews = around.nowMs - bucket.refusedAtMs >= newsIntervalMs;
          if (isNews) bucket.refusedAtMs = around.nowMs;
          states.push(stateOf(limited, bucket, waitMs, around));
          return { isRefused: true, states, isNews, isInNeed: isInNeed(bucket, around) };
        }
        passing.push({ id, bucket });
        states.push(stateOf(limited, bucket, 0, around));
      }
      for (const { id, bucket } of passing) {
        letThrough(bucket, around.nowMs);
        store.unsettle(id, bucket);
      }
      return {
        isRefused: false,
        states,
        isNews: false,
        isInNeed: passing.some(({ bucket }) => isInNeed(bucket, around)),
      };
    },
    report: (around, most) =>
      store.takeUnsettled(most).map(([id, bucket]) => {
        const sent = reportBucket(id, bucket, around);
        store.name(sent.report.bucket, id);
        return sent;
      }),
    settle(sent, settlements, around) {
      const busyNames: string[] = [];
      for (const [index, each] of sent.entries()) {
        const settlement = settlements[index];
        if (settlement === undefined) continue;
        if (settleBucket(each, settlement, around)) busyNames.push(each.report.bucket);
        if (each.bucket.isUnsettled) store.unsettle(each.id, each.bucket);
      }
      return busyNames;
    },
    takeBack(sent) {
      for (const { id, bucket } of sent) store.unsettle(id, bucket);
    },
    useBusy(names, { aloneSinceMs }) {
      // A ledger that is back may have lost what it knew.
      busy = new Set(aloneSinceMs === undefined ? names : [...busy, ...names]);
      const known = names.map((name) => store.named(name)).filter((entry) => entry !== undefined);
      const oldest = known.toSorted(([, a], [, b]) => a.leaseEndsMs - b.leaseEndsMs).slice(0, refreshedMax);
      for (const [id, bucket] of oldest) store.unsettle(id, bucket);
    },
    reportAll: store.unsettleAll,
    countBuckets: store.size,
  };
}
