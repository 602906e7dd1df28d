import type { Bucket } from './bucket.ts';

/** Buckets by id, as many as memory has room for, and which of them the ledger has yet to hear of. */
export type BucketStore = {
  /** The bucket, as one that is in use. */
  readonly touch: (id: string) => Bucket | undefined;
  readonly add: (id: string, bucket: Bucket) => void;
  /** The ledger has yet to hear of it. */
  readonly unsettle: (id: string, bucket: Bucket) => void;
  readonly unsettleAll: () => void;
  /** Those that the ledger has yet to hear of, the longest waiting first; it is about to. */
  readonly takeUnsettled: (most: number) => [id: string, bucket: Bucket][];
  /** Remembers under which name the ledger has it. */
  readonly name: (name: string, id: string) => void;
  readonly named: (name: string) => [id: string, bucket: Bucket] | undefined;
  readonly size: () => number;
};

/**
 * Two generations: what is used is in the younger one; when that is half of all, the older one is forgotten, and this becomes the older. No
 * call has to keep an order.
 *
 * @param bucketsMax at least half as many of the last used are known. A bucket that was forgotten begins anew when its caller comes back.
 *   Nobody gains by that: it takes calls by so many other callers, each of which has a limit of its own. Some 600 bytes each.
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
    // Not one that was forgotten while the ledger was asked.
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
