import type { Random } from '../engine/random-streams.ts';
import type { SimulatedNode } from '../engine/world.ts';
import { createReportedRegions, type ReportedCandidate } from './reported-regions.ts';
import type { CreateStrategy } from './strategy.ts';

/** Picks a node of the caller's own region by a rule, and knows nothing but reports. */
export function homeRegionStrategy(
  createRule: () => (candidates: readonly ReportedCandidate[], random: Random) => SimulatedNode | undefined,
): CreateStrategy {
  return (surroundings) => {
    const regionsIn = createReportedRegions(surroundings);
    const pick = createRule();
    let regions: ReturnType<typeof regionsIn> = new Map();
    return {
      observe: (reading) => {
        regions = regionsIn(reading);
      },
      issue: ({ homeRegion }, _, random) => pick(regions.get(homeRegion) ?? [], random),
    };
  };
}
