import type { KeySelection } from './key-list.ts';

export type AssignedKeys = {
  /** For each shard, the keys to read from it. */
  readonly names: readonly (readonly string[])[];
  /** The number of keys that are left out. */
  readonly leftOut: number;
};

/**
 * Assigns each key to the shard that listed it. A known key that no shard listed goes to the first shard, which finds it in the cluster. When
 * a single shard lists exactly the known keys, they keep their order, so that most records stay at the same place in each reading.
 *
 * @param knownNames the keys of the nodes at the last reading
 * @param max the largest number of keys
 */
export function assignKeys(lists: readonly KeySelection[], knownNames: readonly string[], max: number): AssignedKeys {
  const isKnown = new Set(knownNames);
  const fresh = new Set(lists.flatMap((list) => [...list.fresh]));
  const room = Math.max(0, max - isKnown.size);
  const chosen = fresh.size <= room ? fresh : new Set([...fresh].toSorted((a, b) => (a < b ? -1 : 1)).slice(0, room));
  const leftOut = lists.reduce((sum, list) => sum + list.leftOut, fresh.size - chosen.size);

  if (lists.length === 1) return { names: [[...isKnown, ...chosen]], leftOut };
  const assigned = new Set<string>();
  const takeNew = (names: Iterable<string>) =>
    [...names].filter((name) => !assigned.has(name) && assigned.add(name) === assigned);
  const [first = [], ...others] = lists.map((list) =>
    takeNew([...list.known, ...[...list.fresh].filter((name) => chosen.has(name))]),
  );
  return { names: [[...first, ...takeNew(isKnown)], ...others], leftOut };
}
