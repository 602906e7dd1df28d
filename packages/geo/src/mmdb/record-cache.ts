export type RecordCache = {
  readonly get: (key: number | string) => unknown;
  readonly set: (key: number | string, value: unknown) => void;
};

/**
 * Caches decoded records by their offset in the file. It has two generations, and drops the older one when the younger one is full. This
 * costs less than an exact least-recently-used order.
 *
 * @param perGeneration entries in one generation; the cache holds at most twice as many
 */
export function createRecordCache(perGeneration: number): RecordCache {
  let young = new Map<number | string, unknown>();
  let old = new Map<number | string, unknown>();

  function set(key: number | string, value: unknown): void {
    if (young.size >= perGeneration) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  }

  return {
    get(key) {
      const known = young.get(key);
      if (known !== undefined) return known;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
  };
}
