import type { SimulatedNode } from '../engine/world.ts';
import { loadOf, type RegionSample } from './region-sample.ts';

/** A node's utilisation ÷ that of its region; 0 in an empty region. */
export function useToMean(node: SimulatedNode, samples: readonly RegionSample[]): number {
  const region = samples.find((sample) => sample.region === node.region);
  const load = region === undefined ? 0 : loadOf(region);
  return load === 0 ? 0 : node.loadMbps / node.capacityMbps / load;
}
