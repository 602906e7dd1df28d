import type { FleetReading } from '@turn-router/selection';
import type { SimulatedNode } from '../engine/world.ts';
import type { StrategySurroundings } from './strategy.ts';

/** A node as a reading describes it. */
export type ReportedCandidate = { readonly node: SimulatedNode; readonly capacityMbps: number; readonly load: number };

/** What a reading says, by region. Made anew only for a reading of other nodes. */
export function createReportedRegions({
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
