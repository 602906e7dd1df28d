import type { SimulatedNode, SimulatedRegion } from '../engine/world.ts';

/** A region at one moment, from the true loads of its running nodes. */
export type RegionSample = {
  readonly region: SimulatedRegion;
  readonly capacityMbps: number;
  readonly loadMbps: number;
  readonly calls: number;
  /** Load of the region's busiest node. */
  readonly peakUse: number;
};

export function sampleRegion(region: SimulatedRegion): RegionSample {
  let capacityMbps = 0;
  let loadMbps = 0;
  let calls = 0;
  let peakUse = 0;
  for (const node of region.nodes) {
    if (!node.isUp) continue;
    capacityMbps += node.capacityMbps;
    loadMbps += node.loadMbps;
    calls += node.calls;
    peakUse = Math.max(peakUse, node.loadMbps / node.capacityMbps);
  }
  return { region, capacityMbps, loadMbps, calls, peakUse };
}

/** Part of the capacity of the running nodes that is in use. 0 if no node is running. */
export function loadOf({ loadMbps, capacityMbps }: RegionSample): number {
  return capacityMbps === 0 ? 0 : loadMbps / capacityMbps;
}

/** A node's load ÷ its region's load. 0 if the region is idle. */
export function useToMean(node: SimulatedNode, samples: readonly RegionSample[]): number {
  const region = samples.find((sample) => sample.region === node.region);
  const load = region === undefined ? 0 : loadOf(region);
  return load === 0 ? 0 : node.loadMbps / node.capacityMbps / load;
}
