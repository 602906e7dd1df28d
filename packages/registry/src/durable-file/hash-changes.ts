import type { StoredHash } from '../hash/hash-store.ts';

/** Applies changes to a hash. An undefined text removes the entry. @returns undefined if there is neither a hash nor a change */
export function withChanges(
  hash: StoredHash | undefined,
  changes: ReadonlyMap<string, string | undefined>,
): StoredHash | undefined {
  if (changes.size === 0) return hash;
  const changed = new Map(hash);
  for (const [name, text] of changes) {
    if (text === undefined) changed.delete(name);
    else changed.set(name, text);
  }
  return changed;
}

export function isSameHash(one: StoredHash | undefined, other: StoredHash | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.size === other.size && !hasLost(one, other);
}

/** Whether an entry of `before` is missing or different in `after`. */
export function hasLost(before: StoredHash, after: StoredHash): boolean {
  return entriesOnlyIn(before, after).length > 0;
}

/** @returns the entries of `before` that are missing or different in `after` */
export function entriesOnlyIn(
  before: StoredHash,
  after: StoredHash,
): readonly (readonly [name: string, text: string])[] {
  return [...before].filter(([name, text]) => after.get(name) !== text);
}

/** Whether `after` has an entry that is missing or different in `before`. */
export function hasGained(before: StoredHash, after: StoredHash): boolean {
  return hasLost(after, before);
}
