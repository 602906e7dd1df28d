import { nodeNameFromKey, nodeProofKey, type NodeKey } from '@turn-router/contract/registry';
import { isFresh, type SeenProof, type Steps } from '@turn-router/outside-proof';

export type MergedProofs = {
  /** Each proof once. */
  readonly proofs: readonly SeenProof[];
  /** The proofs by the name of their node. */
  readonly byTarget: ReadonlyMap<string, readonly SeenProof[]>;
  /** Everybody who has written one of the proofs. */
  readonly probers: readonly NodeKey[];
  /** The proofs whose node and prober are in known regions. */
  readonly inRegions: readonly SeenProof[];
};

/**
 * Merges the fresh proofs of several registries, in steps. A prober writes the same proof to each of its registries. If one of them is unreachable,
 * its proofs are older: the proof that this process saw last counts.
 */
export function* mergeProofs(
  lists: readonly (readonly SeenProof[])[],
  isKnownRegion: (region: string) => boolean,
  nowMs: number,
): Steps<MergedProofs> {
  const proofs = yield* newestOf(lists, nowMs);
  const byTarget = new Map<string, SeenProof[]>();
  const probers = new Map<string, NodeKey>();
  const inRegions: SeenProof[] = [];
  for (const seen of proofs) {
    yield;
    const target = nodeNameFromKey(seen.target);
    const ofTarget = byTarget.get(target);
    if (ofTarget === undefined) byTarget.set(target, [seen]);
    else ofTarget.push(seen);
    probers.set(nodeNameFromKey(seen.prober), seen.prober);
    if (isKnownRegion(seen.target.region) && isKnownRegion(seen.prober.region)) inRegions.push(seen);
  }
  return { proofs, byTarget, probers: [...probers.values()], inRegions };
}

function* newestOf(lists: readonly (readonly SeenProof[])[], nowMs: number): Steps<readonly SeenProof[]> {
  const [only = [], ...others] = lists;
  if (others.length === 0) return only.filter((seen) => isFresh(seen, nowMs));
  const newest = new Map<string, SeenProof>();
  for (const list of lists) {
    for (const seen of list) {
      yield;
      if (!isFresh(seen, nowMs)) continue;
      const key = nodeProofKey(seen.target, seen.prober);
      const other = newest.get(key);
      if (other === undefined || seen.seenAtMs > other.seenAtMs) newest.set(key, seen);
    }
  }
  return [...newest.values()];
}
