import { parseRedisKey } from '@turn-router/contract/registry';

/**
 * Collects the node keys that SCAN lists. It never holds many more than the maximum, however many keys there are.
 *
 * It prefers the keys of known nodes. So nobody can push out a known node by writing other keys. Then come the other keys in alphabetical order, so
 * that every reading chooses the same keys. Invalid keys come last.
 */
export interface KeyList {
  readonly add: (names: readonly string[]) => void;
  readonly take: () => KeySelection;
}

export type KeySelection = {
  readonly known: ReadonlySet<string>;
  /** Other valid keys. */
  readonly fresh: ReadonlySet<string>;
  /** Invalid keys, cut to a length that can be shown. */
  readonly invalid: ReadonlySet<string>;
  /** The number of keys that were left out. A key counts again each time that SCAN lists it. */
  readonly leftOut: number;
};

/** The longest valid key has 138 characters. */
const shownMax = 200;

/** At most this many invalid keys are reported by name. */
const invalidMax = 1_000;

/** @param max the largest number of valid keys */
export function createKeyList(isKnown: (name: string) => boolean, max: number): KeyList {
  const known = new Set<string>();
  let fresh = new Set<string>();
  let invalid = new Set<string>();
  let leftOut = 0;

  /** Keeps the first keys in alphabetical order. */
  function cut(names: Set<string>, most: number): Set<string> {
    if (names.size <= most) return names;
    leftOut += names.size - most;
    return new Set([...names].toSorted((a, b) => (a < b ? -1 : 1)).slice(0, most));
  }

  return {
    add(names) {
      for (const name of names) {
        if (isKnown(name)) known.add(name);
        else if (name.length <= shownMax && parseRedisKey(name) !== undefined) fresh.add(name);
        else invalid.add(name.slice(0, shownMax));
      }
      if (fresh.size > 2 * max) fresh = cut(fresh, max);
      if (invalid.size > 2 * invalidMax) invalid = cut(invalid, invalidMax);
    },
    take() {
      fresh = cut(fresh, Math.max(0, max - known.size));
      invalid = cut(invalid, invalidMax);
      return { known, fresh, invalid, leftOut };
    },
  };
}
