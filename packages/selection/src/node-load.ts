import type { Policy } from '@turn-router/contract/policy';

/** A node's reported work and its capacity. */
export type NodeFigures = {
  /** Percent of the CPU that the node may use, 0–100. */
  readonly cpu: number;
  readonly bandwidthMbps: number;
  /** Capacity of one direction. */
  readonly capacityMbps: number;
  /** Live relay allocations and their limit. Defined only if the node reports both figures and the limit is above 0. */
  readonly allocations?: { readonly live: number; readonly limit: number } | undefined;
};

/**
 * Returns a node's load: 0 is idle, 1 is full, more is beyond its capacity.
 *
 * load = Σ weight × use ÷ Σ weight, over cpu, bandwidth and (if reported) allocations. use = part of that resource in use
 */
export function nodeLoad(
  { cpu, bandwidthMbps, capacityMbps, allocations }: NodeFigures,
  weights: Policy['load'],
): number {
  const allocationsWeight = allocations === undefined ? 0 : weights.allocations;
  const total = weights.cpu + weights.bandwidth + allocationsWeight;
  // Only allocations have a weight in the policy, but this node does not report them. So bandwidth is used instead.
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
 * Returns the part of a region's capacity that is in use, for the resource with the highest use. The result is the largest of these values:
 * Σ bandwidth ÷ Σ capacity, the mean cpu weighted by capacity, and the mean use of allocations weighted by capacity, over the nodes that report
 * it. So no node's limit of allocations hides that the others are full. If the weight of the cpu is 0, the cpu is ignored, because then it does not
 * show the work of relays. Returns 0 if there are no nodes.
 *
 * @param partLeft part of a node's reported work that has not ended, 0 to 1
 */
export function regionUse<Tracked extends { readonly node: NodeFigures }>(
  tracks: Iterable<Tracked>,
  weights: Policy['load'],
  partLeft: (track: Tracked) => number,
): number {
  let capacityMbps = 0;
  let bandwidthMbps = 0;
  let cpuMbps = 0;
  let allocationsMbps = 0;
  let countingMbps = 0;
  for (const track of tracks) {
    const { node } = track;
    const left = partLeft(track);
    capacityMbps += node.capacityMbps;
    bandwidthMbps += node.bandwidthMbps * left;
    cpuMbps += (node.cpu / 100) * node.capacityMbps * left;
    if (node.allocations === undefined) continue;
    allocationsMbps += (node.allocations.live / node.allocations.limit) * node.capacityMbps * left;
    countingMbps += node.capacityMbps;
  }
  if (capacityMbps === 0) return 0;
  return Math.max(
    bandwidthMbps / capacityMbps,
    weights.cpu === 0 ? 0 : cpuMbps / capacityMbps,
    countingMbps === 0 ? 0 : allocationsMbps / countingMbps,
  );
}
