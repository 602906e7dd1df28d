import type { Policy } from '@turn-router/contract/policy';
import type { SpillEdge } from './spill-controller.ts';

type Loaded = { readonly load: number; readonly capacityMbps: number };

/** Returns the target whose share of the interval 0–1 contains the point. Undefined if the call stays in its region. */
export function drawSpill(spills: readonly SpillEdge[], point: number): string | undefined {
  let upTo = 0;
  for (const { to, share } of spills) {
    upTo += share;
    if (point < upTo) return to;
  }
  return undefined;
}

/** Width of the load range below the spillover threshold. As a target's load rises through this range, the target takes a smaller part of the calls. */
const taperLoad = 0.1;

/**
 * Picks the target at random for a call of a region without a usable node. The first target whose load is below its spillover threshold
 * takes the call. As its load approaches the threshold, more calls go to the next target. Calls that no target takes in this way are divided
 * among all targets in proportion to headroom. The change is gradual, because a sudden change at the threshold would make the loads swing.
 *
 * @param targets targets that have a node for the caller, in the policy's order
 * @param point uniform in [0, 1)
 * @returns undefined if every target is full
 */
export function drawForLostRegion<T extends Loaded>(
  targets: readonly T[],
  { start, full }: Policy['spillover'],
  point: number,
): T | undefined {
  let pointLeft = point;
  for (const region of targets) {
    const taken = Math.min(1, Math.max(0, (start - region.load) / taperLoad));
    if (pointLeft < taken) return region;
    // Rescales the point to the rest of the interval.
    pointLeft = (pointLeft - taken) / (1 - taken);
  }
  return drawByHeadroom(targets, full, pointLeft);
}

/** Picks a target at random in proportion to its headroom below `full`. */
function drawByHeadroom<T extends Loaded>(targets: readonly T[], full: number, point: number): T | undefined {
  const roomsMbps = targets.map(({ load, capacityMbps }) => Math.max(0, full - load) * capacityMbps);
  let pointMbps = point * roomsMbps.reduce((sum, room) => sum + room, 0);
  const drawn = targets.find((_region, index) => {
    pointMbps -= roomsMbps[index] ?? 0;
    return pointMbps < 0;
  });
  // Because of rounding, the point can be slightly beyond the headroom of the last target.
  return drawn ?? targets.findLast((_region, index) => (roomsMbps[index] ?? 0) > 0);
}

/** Returns the least loaded region. If several regions have the same load, returns the first of these. Undefined for an empty list. */
export function leastLoaded<T extends Loaded>(regions: readonly T[]): T | undefined {
  const [first, ...others] = regions;
  return others.reduce((least, region) => (least !== undefined && region.load < least.load ? region : least), first);
}
