import type { Random } from '../engine/random-streams.ts';
import type { ReportedCandidate } from './reported-regions.ts';

/** A candidate at random, in proportion to capacity. */
export function drawByCapacity(
  candidates: readonly ReportedCandidate[],
  random: Random,
): ReportedCandidate | undefined {
  const totalMbps = candidates.reduce((sum, { capacityMbps }) => sum + capacityMbps, 0);
  let leftMbps = random() * totalMbps;
  return candidates.find(({ capacityMbps }) => (leftMbps -= capacityMbps) < 0) ?? candidates.at(-1);
}
