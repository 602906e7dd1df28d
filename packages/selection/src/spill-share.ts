import type { Policy } from '@turn-router/contract/policy';

/**
 * The share of a region's new calls that should go elsewhere: 0 up to `start`, then a straight line to 1 at `full`. A ramp, because a
 * step would swing: everything leaves, the region empties, everything returns. A region whose callers want D of its capacity comes to rest
 * where load = D × (1 − share): with the defaults at 0.81 for D = 1.2, and near the middle of the ramp for any D.
 *
 * share = clamp((load − start) ÷ (full − start), 0, 1)
 */
export function spillShare(load: number, { start, full }: Policy['spillover']): number {
  return Math.min(1, Math.max(0, (load - start) / (full - start)));
}

/**
 * The share of a region's new calls that a target can take for good without passing its own start.
 *
 * What is sent now is carried for a call's length, so the target's load tells of what was sent a call's length ago. What it carries of
 * ours already, and what it has room for besides, is what it can carry for good; as part of what the region's callers want:
 *
 * share = (carried + (start − target's load) × target's capacity) ÷ wanted, clamped to 0 … 1
 *
 * @param carriedMbps of this region's work that the target carries now
 * @param wantedMbps what this region would carry if nothing of its went elsewhere
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

/** Fastest change of a share, per second: 10 points in 5 s, so that a jump in the figures does not become a jump in the calls. */
export const shareSlewPerSecond = 0.02;

/**
 * A region's shares after `elapsedMs` on their way to where they should be. Together they stay at most 1: what grows waits for what shrinks.
 *
 * @param wanted as many, together at most 1
 */
export function slewedShares(shares: readonly number[], wanted: readonly number[], elapsedMs: number): number[] {
  const step = (shareSlewPerSecond * elapsedMs) / 1000;
  const shrunk = shares.map((share, index) => Math.min(share, Math.max(wanted[index] ?? 0, share - step)));
  let room = 1 - shrunk.reduce((sum, share) => sum + share, 0);
  return shrunk.map((share, index) => {
    const growth = Math.max(0, Math.min(step, (wanted[index] ?? 0) - share, room));
    // One that has just shrunk is where it should be, or above.
    room -= growth;
    return share + growth;
  });
}
