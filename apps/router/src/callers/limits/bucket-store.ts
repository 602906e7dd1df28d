import type { Bucket } from './bucket.ts';

/** Buckets by id; their number is bounded. A bucket is unsettled if it has calls that are not reported to the ledger yet. */
export type BucketStore = {
  /** Returns the bucket and marks it as used. */
  readonly touch: (id: string) => Bucket | undefined;
  readonly add: (id: string, bucket: Bucket) => void;
  /** Marks the bucket as unsettled. */
  readonly unsettle: (id: string, bucket: Bucket) => void;
  readonly unsettleAll: () => void;
  /** Removes and returns unsettled buckets, oldest first. The caller reports them to the ledger. */
  readonly takeUnsettled: (most: number) => [id: string, bucket: Bucket][];
  /** Stores the name of the bucket in the ledger. */
  readonly name: (name: string, id: string) => void;
  readonly named: (name: string) => [id: string, bucket: Bucket] | undefined;
  readonly size: () => number;
};

/**
 * Creates a store with two generations. Used buckets are in the younger one. When the younger generation holds half of the maximum, the older
 * generation is dropped, and the younger one becomes the older. So the order need not be updated at each call.
 *
 * @param bucketsMax maximum number of buckets. At least half as many of the last used buckets stay. A bucket takes some 600 bytes. If a caller
 *   returns after its bucket was dropped, its new bucket is empty. Attackers cannot use this: to drop a bucket, they need calls by as many other
 *   callers, each with its own limit
 */
export function createBucketStore(bucketsMax = 100_000): BucketStore {
  let younger = new Map<string, Bucket>();
  let older = new Map<string, Bucket>();
  const unsettled = new Map<string, Bucket>();
  const ids = new Map<string, string>();

  const find = (id: string): Bucket | undefined => younger.get(id) ?? older.get(id);

  function unsettle(id: string, bucket: Bucket): void {
    if (bucket.isUnsettled && unsettled.has(id)) return;
    bucket.isUnsettled = true;
    // The bucket may have been dropped while the exchange with the ledger was running.
    if (find(id) === bucket) unsettled.set(id, bucket);
  }

  function add(id: string, bucket: Bucket): void {
    younger.set(id, bucket);
    if (younger.size >= bucketsMax / 2) forgetOlder();
  }

  function forgetOlder(): void {
    for (const [id, { name }] of older) {
      unsettled.delete(id);
      if (name !== undefined) ids.delete(name);
    }
    older = younger;
    younger = new Map();
  }

  return {
    touch(id) {
      const bucket = younger.get(id);
      if (bucket !== undefined) return bucket;
      const old = older.get(id);
      if (old === undefined) return undefined;
      older.delete(id);
      add(id, old);
      return old;
    },
    add,
    unsettle,
    unsettleAll() {
      for (const generation of [older, younger]) {
        for (const [id, bucket] of generation) if (bucket.window.calls > 0) unsettle(id, bucket);
      }
    },
    takeUnsettled(most) {
      const taken: [string, Bucket][] = [];
      for (const entry of unsettled) {
        if (taken.length >= most) break;
        taken.push(entry);
      }
      for (const [id] of taken) unsettled.delete(id);
      return taken;
    },
    name: (name, id) => void ids.set(name, id),
    named(name) {
      const id = ids.get(name);
      const bucket = id === undefined ? undefined : find(id);
      return id === undefined || bucket === undefined ? undefined : [id, bucket];
    },
    size: () => younger.size + older.size,
  };
}
