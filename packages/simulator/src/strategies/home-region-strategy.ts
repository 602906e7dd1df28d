import type { FleetReading } from '@turn-router/selection';
import type { Random } from '../engine/random-streams.ts';
import type { SimulatedNode } from '../engine/world.ts';
import type { CreateStrategy, StrategyContext } from './strategy.ts';

/** A node with the figures of its last report. */
export type ReportedCandidate = { readonly node: SimulatedNode; readonly capacityMbps: number; readonly load: number };

/** Creates a strategy that picks a node of the caller's home region by a rule. The rule uses only reports. */
export function homeRegionStrategy(
  createRule: () => (candidates: readonly ReportedCandidate[], random: Random) => SimulatedNode | undefined,
): CreateStrategy {
  return (context) => {
    const regionsIn = createReportedRegions(context);
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

/** Groups a reading by region. Caches the result for the same list of nodes. */
function createReportedRegions({
  nodeOf,
}: StrategyContext): (reading: FleetReading) => ReadonlyMap<string, readonly ReportedCandidate[]> {
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
