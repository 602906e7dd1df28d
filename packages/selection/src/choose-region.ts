import type { Policy } from '@turn-router/contract';
import type { SpillEdge } from './balancer.ts';

/** Why the answer's region was taken: the rung that decided. */
export type RegionReason = 'required' | 'preferred' | 'home' | 'spill' | 'outage' | 'overload';

/** The regions of one moment, as one caller may use them. */
export type RegionOffer = {
  /** Whether the region has a node that the caller may get. */
  readonly isAble: (region: string) => boolean;
  /** Estimated part of the region's capacity in use; only asked of able regions. */
  readonly loadOf: (region: string) => number;
  readonly capacityMbpsOf: (region: string) => number;
  readonly edgesFrom: (region: string) => readonly SpillEdge[];
};

/**
 * Where a call of the wanted region goes.
 *
 * @param targets of the wanted region that the caller may be sent to, in the policy's order
 * @param random uniform in [0, 1)
 * @returns undefined when neither the region nor a target has a node for the caller
 */
export function chooseRegion(
  wanted: string,
  targets: readonly string[],
  offer: RegionOffer,
  { start, full }: Policy['spillover'],
  random: () => number,
): { readonly region: string; readonly reason: RegionReason } | undefined {
  const able = targets.filter((region) => offer.isAble(region));
  const homeIsAble = offer.isAble(wanted);
  const isFull = (region: string) => offer.loadOf(region) >= full;

  const allowed = homeIsAble ? [wanted, ...able] : able;
  if (allowed.length > 0 && allowed.every(isFull)) {
    // Full regions do not send calls to each other: at home the path is at least short.
    return { region: homeIsAble ? wanted : leastLoaded(able, offer), reason: 'overload' };
  }
  if (homeIsAble) {
    const edges = offer.edgesFrom(wanted);
    const region = edges.length === 0 ? undefined : drawEdge(edges, random());
    return region !== undefined && able.includes(region)
      ? { region, reason: 'spill' }
      : { region: wanted, reason: 'home' };
  }
  const region = able.length === 0 ? undefined : drawForLost(able, offer, { start, full }, random());
  return region === undefined ? undefined : { region, reason: 'outage' };
}

/** The target on whose share the point falls; undefined when the call stays. */
function drawEdge(edges: readonly SpillEdge[], point: number): string | undefined {
  let upTo = 0;
  for (const { to, share } of edges) {
    upTo += share;
    if (point < upTo) return to;
  }
  return undefined;
}

/** How far below its start a target begins to leave a lost region's calls to the others. */
const yieldingLoad = 0.1;

/**
 * A lost region's calls go to the first target that has room below its own start; the less it has, the more often to the next one, and
 * what none of them takes, to all by headroom. Steady shares rather than a step at the start, which would swing.
 */
function drawForLost(
  able: readonly string[],
  offer: RegionOffer,
  { start, full }: Policy['spillover'],
  point: number,
): string | undefined {
  let pointLeft = point;
  for (const region of able) {
    const taken = Math.min(1, Math.max(0, (start - offer.loadOf(region)) / yieldingLoad));
    if (pointLeft < taken) return region;
    // Where in what is left the point falls.
    pointLeft = (pointLeft - taken) / (1 - taken);
  }
  return drawByHeadroom(able, offer, full, pointLeft);
}

/** Shares the rest of a lost region's calls out in proportion to the room that the targets have below `full`. */
function drawByHeadroom(able: readonly string[], offer: RegionOffer, full: number, point: number): string | undefined {
  const roomsMbps = able.map((region) => Math.max(0, full - offer.loadOf(region)) * offer.capacityMbpsOf(region));
  let pointMbps = point * roomsMbps.reduce((sum, room) => sum + room, 0);
  const drawn = able.find((_region, index) => {
    pointMbps -= roomsMbps[index] ?? 0;
    return pointMbps < 0;
  });
  // Sums round: the point may lie a hair past the last one's room.
  return drawn ?? able.findLast((_region, index) => (roomsMbps[index] ?? 0) > 0);
}

function leastLoaded(regions: readonly string[], { loadOf }: RegionOffer): string {
  return regions.reduce((least, region) => (loadOf(region) < loadOf(least) ? region : least));
}
