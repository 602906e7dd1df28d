import type { Policy } from '@turn-router/contract';

/** What a node says of its work. */
export type NodeFigures = {
  /** Percent of what the node may use, 0–100. */
  readonly cpu: number;
  readonly bandwidthMbps: number;
  /** Of one direction. */
  readonly capacityMbps: number;
};

/**
 * How loaded a node is: 0 idle, 1 at its capacity, more beyond it.
 *
 * load = (w_cpu × cpu ÷ 100 + w_bandwidth × bandwidth ÷ capacity) ÷ (w_cpu + w_bandwidth)
 */
export function nodeLoad({ cpu, bandwidthMbps, capacityMbps }: NodeFigures, weights: Policy['load']): number {
  const weighted = (weights.cpu * cpu) / 100 + (weights.bandwidth * bandwidthMbps) / capacityMbps;
  return weighted / (weights.cpu + weights.bandwidth);
}

/** The part of a region's capacity that is in use: Σ bandwidth ÷ Σ capacity; 0 without nodes. */
export function regionLoad(nodes: readonly Pick<NodeFigures, 'bandwidthMbps' | 'capacityMbps'>[]): number {
  let bandwidthMbps = 0;
  let capacityMbps = 0;
  for (const node of nodes) {
    bandwidthMbps += node.bandwidthMbps;
    capacityMbps += node.capacityMbps;
  }
  return capacityMbps === 0 ? 0 : bandwidthMbps / capacityMbps;
}
