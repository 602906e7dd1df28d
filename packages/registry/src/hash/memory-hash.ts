import type { EntryReplacement, HashStore, StoredHash } from './hash-store.ts';

/** A small hash in the memory of this process, for a router without Redis. It cannot be lost. */
export function createMemoryHash(content: StoredHash = new Map()): HashStore {
  const entries = new Map(content);

  function replaceAll(replacements: readonly EntryReplacement[]): Promise<boolean> {
    if (replacements.some(({ name, expected }) => entries.get(name) !== expected)) return Promise.resolve(false);
    for (const { name, next } of replacements) {
      if (next === undefined) entries.delete(name);
      else entries.set(name, next);
    }
    return Promise.resolve(true);
  }

  return {
    readAll: () => Promise.resolve(new Map(entries)),
    replace: (name, expected, next) => replaceAll([{ name, expected, next }]),
    replaceAll,
    findLoss: () => Promise.resolve(undefined),
    mayReportHeld: () => Promise.resolve(true),
    reportHeld: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
