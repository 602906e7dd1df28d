import type { HashedNode } from './hashed-node.ts';

/**
 * Candidates of a target in each of its two groups: the probers of other regions and those of its own region. A target ranks only its
 * candidates. More candidates make the load of probers more even; each costs one hash for each target.
 */
export const candidatesMax = 64;

/** Places of a ring that a search looks at. Probers of the target's own region take at most half of the places, on average. */
export const searchMax = 4 * candidatesMax;

/** Probers in the order of their hashes. After the last place comes the first. */
export type Ring = { readonly places: readonly HashedNode[]; readonly placeOf: ReadonlyMap<string, number> };

export function createRing(places: readonly HashedNode[]): Ring {
  return { places, placeOf: new Map(places.map(({ name }, place) => [name, place])) };
}

/**
 * Returns the first candidates from the place of the target on, at most `candidatesMax`. A prober that joins or leaves changes the candidates of
 * the few targets before its place.
 */
export function candidatesFor(
  target: HashedNode,
  { places }: Ring,
  isCandidate: (prober: HashedNode) => boolean,
): HashedNode[] {
  const candidates: HashedNode[] = [];
  const start = placeOfTarget(target, places);
  const steps = Math.min(places.length, searchMax);
  for (let step = 0; step < steps && candidates.length < candidatesMax; step += 1) {
    const prober = places[(start + step) % places.length];
    if (prober !== undefined && prober.name !== target.name && isCandidate(prober)) candidates.push(prober);
  }
  return candidates;
}

/** Tells without a search whether the prober can be a candidate of the target. */
export function isInReach(target: HashedNode, prober: HashedNode, { places, placeOf }: Ring): boolean {
  const place = placeOf.get(prober.name);
  if (place === undefined) return false;
  const distance = (place - placeOfTarget(target, places) + places.length) % places.length;
  return distance < searchMax;
}

/** Returns the first place whose hash is not below the hash of the target (binary search). */
function placeOfTarget({ hash }: HashedNode, places: readonly HashedNode[]): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle]?.hash ?? hash) < hash) low = middle + 1;
    else high = middle;
  }
  return low === places.length ? 0 : low;
}
