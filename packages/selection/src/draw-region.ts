import type { Policy } from '@turn-router/contract/policy';
import type { SpillEdge } from './spill-controller.ts';

type Loaded = { readonly load: number; readonly capacityMbps: number };

/** The target on whose share the point falls; undefined when the call stays. */
export function drawSpill(spills: readonly SpillEdge[], point: number): string | undefined {
  let upTo = 0;
  for (const { to, share } of spills) {
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
 *
 * @param able targets that have a node for the caller, in the policy's order
 * @param point uniform in [0, 1)
 * @returns undefined when every target is full
 */
export function drawForLost<T extends Loaded>(
  able: readonly T[],
  { start, full }: Policy['spillover'],
  point: number,
): T | undefined {
  let pointLeft = point;
  for (const region of able) {
    const taken = Math.min(1, Math.max(0, (start - region.load) / yieldingLoad));
    if (pointLeft < taken) return region;
    // Where in what is left the point falls.
    pointLeft = (pointLeft - taken) / (1 - taken);
  }
  return drawByHeadroom(able, full, pointLeft);
}

/** Shares the rest of a lost region's calls out in proportion to the room that the targets have below `full`. */
function drawByHeadroom<T extends Loaded>(able: readonly T[], full: number, point: number): T | undefined {
  const roomsMbps = able.map(({ load, capacityMbps }) => Math.max(0, full - load) * capacityMbps);
  let pointMbps = point * roomsMbps.reduce((sum, room) => sum + room, 0);
  const drawn = able.find((_region, index) => {
    pointMbps -= roomsMbps[index] ?? 0;
    return pointMbps < 0;
  });
  // Sums round: the point may lie a hair past the last one's room.
  return drawn ?? able.findLast((_region, index) => (roomsMbps[index] ?? 0) > 0);
}

/** @returns the first of the least loaded; undefined of none */
export function leastLoaded<T extends Loaded>(regions: readonly T[]): T | undefined {
  const [first, ...others] = regions;
  return others.reduce((least, region) => (least !== undefined && region.load < least.load ? region : least), first);
}
