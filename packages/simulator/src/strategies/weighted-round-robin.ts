import { greatest } from 'd3-array';
import type { SimulatedNode } from '../engine/world.ts';
import { homeRegionStrategy } from './home-region-strategy.ts';

/**
 * Smooth weighted round robin, as in nginx (commit 52327e0627f4). For each call, every node's credit grows by the node's capacity. The node with
 * the highest credit takes the call. Then its credit is reduced by the total capacity.
 */
export const createWeightedRoundRobin = homeRegionStrategy(() => {
  const creditsMbps = new Map<SimulatedNode, number>();
  return (candidates) => {
    let totalMbps = 0;
    for (const { node, capacityMbps } of candidates) {
      creditsMbps.set(node, (creditsMbps.get(node) ?? 0) + capacityMbps);
      totalMbps += capacityMbps;
    }
    const richest = greatest(candidates, ({ node }) => creditsMbps.get(node) ?? 0)?.node;
    if (richest !== undefined) creditsMbps.set(richest, (creditsMbps.get(richest) ?? 0) - totalMbps);
    return richest;
  };
});
