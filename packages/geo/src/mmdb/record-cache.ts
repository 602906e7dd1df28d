export type RecordCache = {
  readonly get: (key: number | string) => unknown;
  readonly set: (key: number | string, value: unknown) => void;
};

/**
 * Keeps what the reader decoded last, by its offset in the file: two generations, the older one dropped whenever the younger
 * one is full, which costs less than exact least-recently-used order.
 *
 * @param perGeneration entries; memory is bounded by twice as many
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
