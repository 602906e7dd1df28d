import type { Policy } from '@turn-router/contract/policy';
import type { SpillEdge } from './spill-controller.ts';

type Loaded = { readonly load: number; readonly capacityMbps: number };

/** Returns the target whose share contains the point; undefined when the call stays in its region. */
export function drawSpill(spills: readonly SpillEdge[], point: number): string | undefined {
  let upTo = 0;
  for (const { to, share } of spills) {
    upTo += share;
    if (point < upTo) return to;
  }
  return undefined;
}

/** Within this distance below its spill start, a target leaves a growing part of a lost region's calls to the other targets. */
const taperLoad = 0.1;

/**
 * Draws the target for a call of a lost region. The first target with a load below the spill start takes the call; as its load nears the
 * start, more calls go to the next target. The calls that no target takes are shared among all targets in proportion to headroom. The
 * shares change gradually, because a step at the start would make the loads swing.
 *
 * @param targets targets that have a node for the caller, in the policy's order
 * @param point uniform in [0, 1)
 * @returns undefined when every target is full
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

/** Draws a target in proportion to its headroom below `full`. */
function drawByHeadroom<T extends Loaded>(targets: readonly T[], full: number, point: number): T | undefined {
  const roomsMbps = targets.map(({ load, capacityMbps }) => Math.max(0, full - load) * capacityMbps);
  let pointMbps = point * roomsMbps.reduce((sum, room) => sum + room, 0);
  const drawn = targets.find((_region, index) => {
    pointMbps -= roomsMbps[index] ?? 0;
    return pointMbps < 0;
  });
  // Rounding can put the point just past the last target's room.
  return drawn ?? targets.findLast((_region, index) => (roomsMbps[index] ?? 0) > 0);
}

/** Returns the least loaded region, the first one on a tie; undefined for an empty list. */
export function leastLoaded<T extends Loaded>(regions: readonly T[]): T | undefined {
  const [first, ...others] = regions;
  return others.reduce((least, region) => (least !== undefined && region.load < least.load ? region : least), first);
}
