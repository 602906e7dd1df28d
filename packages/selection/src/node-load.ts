import type { Policy } from '@turn-router/contract/policy';

/** A node's reported work and its capacity. */
export type NodeFigures = {
  /** Percent of the CPU that the node may use, 0–100. */
  readonly cpu: number;
  readonly bandwidthMbps: number;
  /** Capacity of one direction. */
  readonly capacityMbps: number;
  /** Live relay allocations and their limit; undefined unless the node reports both and the limit is above 0. */
  readonly allocations?: { readonly live: number; readonly limit: number } | undefined;
};

/**
 * Returns a node's load: 0 is idle, 1 is full, more is beyond its capacity.
 *
 * load = Σ weight × use ÷ Σ weight, over cpu, bandwidth and (where reported) allocations; use = part of that resource in use
 */
export function nodeLoad(
  { cpu, bandwidthMbps, capacityMbps, allocations }: NodeFigures,
  weights: Policy['load'],
): number {
  const allocationsWeight = allocations === undefined ? 0 : weights.allocations;
  const total = weights.cpu + weights.bandwidth + allocationsWeight;
  // The policy weighs only allocations and this node does not report them: bandwidth is the next best measure.
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
 * Returns the share of a region's capacity in use, for the scarcest resource: the largest of Σ bandwidth ÷ Σ capacity, the mean cpu weighted
 * by capacity, and Σ allocations ÷ Σ limits. The cpu is left out when its weight is 0, because relay work then does not show in it.
 * Returns 0 without nodes.
 *
 * @param partLeft share of a node's reported work that has not ended, 0 to 1
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
