import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import { hashOfName, type Weigh } from './name-hash.ts';

/** A node or a prober with the hash of its name. */
export type HashedNode = { readonly key: NodeKey; readonly name: string; readonly hash: number };

export function hashedNode(key: NodeKey): HashedNode {
  const name = nodeNameFromKey(key);
  return { key, name, hash: hashOfName(name) };
}

/** Returns each node once, in the order of the hashes. */
export function hashedNodes(keys: readonly NodeKey[]): HashedNode[] {
  const byName = new Map(keys.map((key) => [nodeNameFromKey(key), key]));
  return [...byName.values()]
    .map(hashedNode)
    .toSorted((one, other) => one.hash - other.hash || compareNames(one.name, other.name));
}

/**
 * Returns the probers in the order in which the target prefers them: rendezvous hashing, highest weight first. A prober that joins or leaves
 * changes nothing in the order of the others.
 *
 * @param probers fewer than 2²¹, because a weight and a place share the 53 bits of a number
 */
export function rankFor(target: HashedNode, probers: readonly HashedNode[], weigh: Weigh): HashedNode[] {
  const weightAndPlace = Float64Array.from(
    probers,
    ({ hash }, place) => weigh(target.hash, hash) * probers.length + place,
  );
  return Array.from(weightAndPlace.toSorted().toReversed(), (both) => probers[both % probers.length]).filter(
    (prober) => prober !== undefined,
  );
}

function compareNames(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
