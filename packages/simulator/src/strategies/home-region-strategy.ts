import type { FleetReading } from '@turn-router/selection';
import type { Random } from '../engine/random-streams.ts';
import type { SimulatedNode } from '../engine/world.ts';
import type { CreateStrategy, StrategySurroundings } from './strategy.ts';

/** A node as a reading describes it. */
export type ReportedCandidate = { readonly node: SimulatedNode; readonly capacityMbps: number; readonly load: number };

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

/** What a reading says, by region. Made anew only for a reading of other nodes. */
function createReportedRegions({
  nodeOf,
}: StrategySurroundings): (reading: FleetReading) => ReadonlyMap<string, readonly ReportedCandidate[]> {
  let lastNodes: FleetReading['nodes'] = [];
  let regions = new Map<string, ReportedCandidate[]>();
  return ({ nodes }) => {
    if (nodes === lastNodes) return regions;
    lastNodes = nodes;
    regions = new Map();
    for (const { key, report } of nodes) {
      const capacityMbps = report.bandwidth_capacity_mbps ?? 0;
      const candidate = { node: nodeOf(key), capacityMbps, load: report.bandwidth_mbps / capacityMbps };
      const candidates = regions.get(key.region);
      if (candidates === undefined) regions.set(key.region, [candidate]);
      else candidates.push(candidate);
    }
    return regions;
  };
}
