import type { Policy } from '@turn-router/contract/policy';

/**
 * Returns the share of a region's new calls that should go to other regions. The share is 0 up to the load `start` (the spillover threshold).
 * Above it, the share rises linearly, to 1 at the load `full`. If the share changed from 0 to 1 at once, the load would swing: all calls leave,
 * the region empties, and all calls return. If the demand is D times the capacity, a region settles at load = D × (1 − share). With the defaults,
 * this load is 0.81 for D = 1.2. It is between `start` and `full` for every D above `start`.
 *
 * share = clamp((load − start) ÷ (full − start), 0, 1)
 */
export function spillShare(load: number, { start, full }: Policy['spillover']): number {
  return Math.min(1, Math.max(0, (load - start) / (full - start)));
}

/**
 * Returns the share of a region's new calls that a target can take permanently while its load stays below its own spillover threshold `start`.
 *
 * A call lasts for some time, so the target's load shows the effect of the share one call length ago. The target can permanently carry the work
 * that it already carries for this region, plus its free capacity below `start`. The share is this work divided by the whole demand of the region:
 *
 * share = (carried + (start − target's load) × target's capacity) ÷ wanted, clamped to 0 … 1
 *
 * @param carriedMbps work of this region that the target carries now
 * @param wantedMbps work that this region would carry without spillover
 */
export function sustainableShare(
  carriedMbps: number,
  wantedMbps: number,
  target: { readonly load: number; readonly capacityMbps: number },
  start: number,
): number {
  if (wantedMbps <= 0) return 0;
  const sustainableMbps = carriedMbps + (start - target.load) * target.capacityMbps;
  return Math.min(1, Math.max(0, sustainableMbps / wantedMbps));
}

/** Maximum change of a share per second: 10 percentage points in 5 s. So a sudden change in the figures does not move many calls at once. */
export const shareSlewPerSecond = 0.02;

/**
 * Moves a region's shares towards the wanted shares for `elapsedMs`. The sum of the shares is never above 1: if the sum is 1, a share grows only
 * as other shares shrink.
 *
 * @param wanted the wanted value of each share. The sum of these values is at most 1
 */
export function slewedShares(shares: readonly number[], wanted: readonly number[], elapsedMs: number): number[] {
  const step = (shareSlewPerSecond * elapsedMs) / 1000;
  const shrunk = shares.map((share, index) => Math.min(share, Math.max(wanted[index] ?? 0, share - step)));
  let room = 1 - shrunk.reduce((sum, share) => sum + share, 0);
  return shrunk.map((share, index) => {
    const growth = Math.max(0, Math.min(step, (wanted[index] ?? 0) - share, room));
    // A share that has just been reduced is at or above its wanted value, so it does not grow.
    room -= growth;
    return share + growth;
  });
}
