import { runningCapacityMbps, type SimulatedNode } from '../engine/world.ts';
import type { IssueWindow } from './issue-window.ts';

/**
 * How many times its fair part a node got of the credentials in a window: (credentials for the node ÷ credentials for its region) ÷ (the
 * node's capacity ÷ the region's capacity). Returns 0 if no credentials were issued for the region.
 */
export function shareOfFair(node: SimulatedNode, window: IssueWindow): number {
  const toRegion = window.toRegion(node.region.name);
  if (toRegion === 0 || !node.isUp) return 0;
  return (window.toNode(node) / toRegion) * (runningCapacityMbps(node.region) / node.capacityMbps);
}

/** The largest of these ratios among the nodes of a region. */
export function worstShareOfFair(nodes: readonly SimulatedNode[], window: IssueWindow): number {
  let worst: SimulatedNode | undefined;
  for (const node of nodes) {
    if (!node.isUp) continue;
    const isWorse =
      worst === undefined || window.toNode(node) * worst.capacityMbps > window.toNode(worst) * node.capacityMbps;
    if (isWorse) worst = node;
  }
  return worst === undefined ? 0 : shareOfFair(worst, window);
}
