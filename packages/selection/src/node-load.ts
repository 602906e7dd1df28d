import type { Policy } from '@turn-router/contract/policy';

/** What a node says of its work, and what it can do. */
export type NodeFigures = {
  /** Percent of what the node may use, 0–100. */
  readonly cpu: number;
  readonly bandwidthMbps: number;
  /** Of one direction. */
  readonly capacityMbps: number;
  /** Live relay allocations and their limit; undefined unless the node reports both and the limit is above 0. */
  readonly allocations?: { readonly live: number; readonly limit: number } | undefined;
};

/**
 * How loaded a node is: 0 idle, 1 at its capacity, more beyond it.
 *
 * load = Σ weight × use ÷ Σ weight, over cpu, bandwidth and (where reported) allocations
 */
export function nodeLoad(
  { cpu, bandwidthMbps, capacityMbps, allocations }: NodeFigures,
  weights: Policy['load'],
): number {
  const allocationsWeight = allocations === undefined ? 0 : weights.allocations;
  const total = weights.cpu + weights.bandwidth + allocationsWeight;
  // Only allocations count and this node reports none: its bandwidth is the next best.
  if (total === 0) return bandwidthMbps / capacityMbps;
  const allocationsUse = allocations === undefined ? 0 : allocations.live / allocations.limit;
  return (
    ((weights.cpu * cpu) / 100 +
      (weights.bandwidth * bandwidthMbps) / capacityMbps +
      allocationsWeight * allocationsUse) /
    total
  );
}

/**
 * The part of a region's capacity that is in use, by whatever runs out first: the largest of Σ bandwidth ÷ Σ capacity, the mean cpu by
 * capacity (unless its weight is 0: then CPUs say nothing of relays here), and Σ allocations ÷ Σ limits; 0 without nodes.
 *
 * @param partLeft what is left of a node's reported work, 0 to 1
 */
export function regionUse<Reporter extends { readonly node: NodeFigures }>(
  reporters: Iterable<Reporter>,
  weights: Policy['load'],
  partLeft: (reporter: Reporter) => number,
): number {
  let capacityMbps = 0;
  let bandwidthMbps = 0;
  let cpuMbps = 0;
  let live = 0;
  let limit = 0;
  for (const reporter of reporters) {
    const { node } = reporter;
    const left = partLeft(reporter);
    capacityMbps += node.capacityMbps;
    bandwidthMbps += node.bandwidthMbps * left;
    cpuMbps += (node.cpu / 100) * node.capacityMbps * left;
    live += (node.allocations?.live ?? 0) * left;
    limit += node.allocations?.limit ?? 0;
  }
  if (capacityMbps === 0) return 0;
  return Math.max(
    bandwidthMbps / capacityMbps,
    weights.cpu === 0 ? 0 : cpuMbps / capacityMbps,
    limit === 0 ? 0 : live / limit,
  );
}
