import type { Policy } from '@turn-router/contract';

/**
 * The share of a region's new calls that should go elsewhere: 0 up to `start`, then a straight line to 1 at `full`. A ramp, because a
 * step would swing: everything leaves, the region empties, everything returns.
 *
 * share = clamp((load − start) ÷ (full − start), 0, 1)
 */
export function spillShare(load: number, { start, full }: Policy['spillover']): number {
  return Math.min(1, Math.max(0, (load - start) / (full - start)));
}

export type SpillTarget = { readonly region: string; readonly maxShare: number };

/**
 * Gives the share to the targets in order, to each no more than its cap.
 *
 * @param point uniform in [0, 1): where one call falls
 * @returns the target that gets this call; undefined when the call stays
 */
export function chooseSpillTarget(share: number, targets: readonly SpillTarget[], point: number): string | undefined {
  let takenUpTo = 0;
  for (const { region, maxShare } of targets) {
    takenUpTo += Math.min(maxShare, share - takenUpTo);
    if (point < takenUpTo) return region;
  }
  return undefined;
}
