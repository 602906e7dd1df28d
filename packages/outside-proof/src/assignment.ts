import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import { hashedNode, hashedNodes, rankFor, type HashedNode } from './hashed-node.ts';
import { hashOfPair, type Weigh } from './name-hash.ts';
import { candidatesFor, createRing, isInReach, type Ring } from './prober-ring.ts';

/** Probers of a node in other regions, and in its own region. A group with too few probers is filled up from the other group. */
const assignedInOtherRegions = 2;
const assignedInOwnRegion = 1;
const assignedMax = assignedInOtherRegions + assignedInOwnRegion;

/** Probers that are asked after a first refutation. */
export const confirmingMax = 15;

/** Nodes whose confirming probers are kept. */
const decidedMax = 10_000;

/**
 * Who probes whom, for one set of probers. Every process that knows the same probers computes the same assignment. A node never probes itself.
 */
export interface Assignment {
  /** Whether a prober has this name. */
  isProber(name: string): boolean;
  /** The number of probers. */
  readonly size: number;
  /** Returns the probers that probe the node in every round, best first: two of other regions and one of its own, as far as there are. */
  assigned(target: NodeKey): readonly NodeKey[];
  /**
   * Returns the probers that decide about the node after a first refutation: the assigned probers first, then others by rank, at most 15. Of the
   * node's own region there is one, unless the other regions have fewer than two. A prober beside the node may reach it over a path that callers
   * do not have. The answer is kept for the next call.
   */
  confirming(target: NodeKey): readonly NodeKey[];
  /** Returns what one prober has to do with these nodes. */
  targetsOf(prober: NodeKey, nodes: readonly NodeKey[]): Targets;
}

export type Targets = {
  /** Nodes that the prober probes in every round. */
  readonly assigned: readonly NodeKey[];
  /** Nodes that the prober probes only while one of their assigned probers refutes them. */
  readonly confirming: readonly ConfirmingTarget[];
};

/** `assigned`: the probers whose proofs say whether the node is suspected. */
export type ConfirmingTarget = { readonly target: NodeKey; readonly assigned: readonly NodeKey[] };

/**
 * One prober finds its targets among N nodes and M probers with at most 2 × 64 × N × min(1, 256 / M) hashes of pairs, not N × M.
 *
 * @param probers those that publish proofs: nodes whose record has `probes_others`, and fleet watches
 * @param weigh the weight of a pair of hashes; tests count its calls
 */
export function createAssignment(probers: readonly NodeKey[], weigh: Weigh = hashOfPair): Assignment {
  const known = hashedNodes(probers);
  const names = new Set(known.map(({ name }) => name));
  const rings = createRings(known);
  const decided = new Map<string, readonly NodeKey[]>();

  const othersFor = (target: HashedNode) =>
    candidatesFor(target, rings.outside(target.key.region), ({ key }) => key.region !== target.key.region);

  function ownFor(target: HashedNode): HashedNode[] {
    const ring = rings.inRegion.get(target.key.region);
    return ring === undefined ? [] : candidatesFor(target, ring, () => true);
  }

  const ranked = (target: HashedNode): RankedProbers => ({
    others: rankFor(target, othersFor(target), weigh),
    own: rankFor(target, ownFor(target), weigh),
  });

  function isCandidate(prober: HashedNode, target: HashedNode): boolean {
    const isOwn = target.key.region === prober.key.region;
    const ring = isOwn ? rings.inRegion.get(prober.key.region) : rings.outside(target.key.region);
    if (ring === undefined || !isInReach(target, prober, ring)) return false;
    return includes(isOwn ? ownFor(target) : othersFor(target), prober);
  }

  return {
    size: names.size,
    isProber: (name) => names.has(name),
    assigned: (target) => assignedOf(ranked(hashedNode(target))).map(({ key }) => key),

    confirming(target) {
      const name = nodeNameFromKey(target);
      const before = decided.get(name);
      if (before !== undefined) return before;
      const confirming = confirmingOf(ranked(hashedNode(target))).map(({ key }) => key);
      if (decided.size >= decidedMax) decided.clear();
      decided.set(name, confirming);
      return confirming;
    },

    targetsOf(prober, nodes) {
      const self = hashedNode(prober);
      const assigned: NodeKey[] = [];
      const confirming: ConfirmingTarget[] = [];
      for (const target of nodes.map(hashedNode)) {
        if (!isCandidate(self, target)) continue;
        const probersOfTarget = ranked(target);
        const first = assignedOf(probersOfTarget);
        if (includes(first, self)) assigned.push(target.key);
        else if (includes(confirmingOf(probersOfTarget), self)) {
          confirming.push({ target: target.key, assigned: first.map(({ key }) => key) });
        }
      }
      return { assigned, confirming };
    },
  };
}

/** Candidates of a target, best first. */
type RankedProbers = { readonly others: readonly HashedNode[]; readonly own: readonly HashedNode[] };

function assignedOf({ others, own }: RankedProbers): HashedNode[] {
  const first = [...others.slice(0, assignedInOtherRegions), ...own.slice(0, assignedInOwnRegion)];
  const spare = [...others.slice(assignedInOtherRegions), ...own.slice(assignedInOwnRegion)];
  return [...first, ...spare].slice(0, assignedMax);
}

function confirmingOf(probers: RankedProbers): HashedNode[] {
  const { others, own } = probers;
  const first = assignedOf(probers);
  const spare = others.length < assignedInOtherRegions ? [...others, ...own] : others;
  return [...first, ...spare.filter((prober) => !includes(first, prober))].slice(0, confirmingMax);
}

function includes(probers: readonly HashedNode[], { name }: HashedNode): boolean {
  return probers.some((prober) => prober.name === name);
}

type Rings = {
  readonly inRegion: ReadonlyMap<string, Ring>;
  /** Returns a ring in which the probers outside the region have at least half of the places. */
  outside(region: string): Ring;
};

function createRings(probers: readonly HashedNode[]): Rings {
  const members = new Map<string, HashedNode[]>();
  for (const prober of probers) {
    const { region } = prober.key;
    const inSame = members.get(region);
    if (inSame === undefined) members.set(region, [prober]);
    else inSame.push(prober);
  }
  const inRegion = new Map([...members].map(([region, places]) => [region, createRing(places)]));
  const everywhere = createRing(probers);
  // A search in the ring of all probers would pass over most places if the target's own region had most of them. Only one region can have.
  const largest = [...inRegion].find(([, { places }]) => 2 * places.length > probers.length)?.[0];
  const outsideLargest = createRing(probers.filter(({ key }) => key.region !== largest));
  return { inRegion, outside: (region) => (region === largest ? outsideLargest : everywhere) };
}

/** Returns the probers that are known: those announced by records, and those that have published a proof, such as fleet watches. Each once. */
export function knownProbers(announced: readonly NodeKey[], publishing: readonly NodeKey[]): NodeKey[] {
  return [...new Map([...announced, ...publishing].map((key) => [nodeNameFromKey(key), key])).values()];
}
