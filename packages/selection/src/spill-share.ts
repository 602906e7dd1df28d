import type { Policy } from '@turn-router/contract/policy';

/**
 * Returns the share of a region's new calls that should go to other regions: 0 up to `start`, then a straight line to 1 at `full`. With a
 * step instead of a ramp the load would swing: all calls leave, the region empties, all calls return. With a demand of D times its capacity,
 * a region settles at load = D × (1 − share). With the defaults that is 0.81 for D = 1.2, and near the middle of the ramp for any D.
 *
 * share = clamp((load − start) ÷ (full − start), 0, 1)
 */
export function spillShare(load: number, { start, full }: Policy['spillover']): number {
  return Math.min(1, Math.max(0, (load - start) / (full - start)));
}

/**
 * Returns the share of a region's new calls that a target can take permanently and stay below its own spill start.
 *
 * A call lasts for a while, so the target's load shows the share of one call length ago. The target can permanently carry the work that it
 * already carries for this region plus its room below `start`. Divided by the region's whole demand this is:
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

/** Fastest change of a share, per second: 10 percentage points in 5 s, so that a jump in the figures does not make the calls jump. */
export const shareSlewPerSecond = 0.02;

/**
 * Moves a region's shares towards the wanted shares for `elapsedMs`. Their sum stays at most 1: a share grows only as others shrink.
 *
 * @param wanted one for each share; their sum is at most 1
 */
export function slewedShares(shares: readonly number[], wanted: readonly number[], elapsedMs: number): number[] {
  const step = (shareSlewPerSecond * elapsedMs) / 1000;
  const shrunk = shares.map((share, index) => Math.min(share, Math.max(wanted[index] ?? 0, share - step)));
  let room = 1 - shrunk.reduce((sum, share) => sum + share, 0);
  return shrunk.map((share, index) => {
    const growth = Math.max(0, Math.min(step, (wanted[index] ?? 0) - share, room));
    // A share that has just shrunk is at or above its wanted value, so it does not grow.
    room -= growth;
    return share + growth;
  });
}
