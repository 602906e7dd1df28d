import { nodeNameFromKey, parseNodeProofKey, type NodeProofKey } from '@turn-router/contract/registry';
import type { TakeNames } from '../redis/reading/shard.ts';
import { proofsOfProberMax } from './proof-limits.ts';

/** Collects the keys of proofs that SCAN lists. It never holds more than the maximum, however many keys there are. */
export interface ProofList {
  /** Takes the keys that the shard with this index lists. */
  readonly addFrom: (shard: number) => TakeNames;
  /** The chosen keys by their names in Redis. */
  readonly keys: ReadonlyMap<string, NodeProofKey>;
  /** The names of the chosen keys that this shard lists. */
  readonly namesOn: (shard: number) => readonly string[];
  /** The number of keys that are not keys of a proof. */
  readonly invalid: () => number;
  /** The number of keys beyond the limits. A key counts again each time that SCAN lists it. */
  readonly leftOut: () => number;
}

/** The longest valid key has 266 characters. */
const nameMax = 300;

/** @param max the largest number of keys */
export function createProofList(max: number): ProofList {
  const keys = new Map<string, NodeProofKey>();
  const names: string[][] = [];
  const countOf = new Map<string, number>();
  let invalid = 0;
  let leftOut = 0;

  function add(name: string, shard: number): void {
    if (keys.has(name)) return;
    const key = name.length <= nameMax ? parseNodeProofKey(name) : undefined;
    if (key === undefined) {
      invalid += 1;
      return;
    }
    const prober = nodeNameFromKey(key.prober);
    const count = countOf.get(prober) ?? 0;
    // SCAN lists keys by their hashes. So nobody can choose a name that comes before the names of others.
    if (keys.size >= max || count >= proofsOfProberMax) {
      leftOut += 1;
      return;
    }
    countOf.set(prober, count + 1);
    keys.set(name, key);
    (names[shard] ??= []).push(name);
  }

  return {
    addFrom: (shard) => (listed) => {
      for (const name of listed) add(name, shard);
    },
    keys,
    namesOn: (shard) => names[shard] ?? [],
    invalid: () => invalid,
    leftOut: () => leftOut,
  };
}
