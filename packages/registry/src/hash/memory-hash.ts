import type { HashStore, StoredHash } from './hash-store.ts';

/** A small hash in the memory of this process, for a router without Redis. */
export function createMemoryHash(content: StoredHash = new Map()): HashStore {
  const entries = new Map(content);
  return {
    readAll: () => Promise.resolve(new Map(entries)),
    replace(name, expected, next) {
      if (entries.get(name) !== expected) return Promise.resolve(false);
      if (next === undefined) entries.delete(name);
      else entries.set(name, next);
      return Promise.resolve(true);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
