import { runningCapacityMbps, type SimulatedNode } from '../engine/world.ts';
import type { IssueWindow } from './issue-window.ts';

/**
 * What a node got of a window's credentials, as a multiple of what is fair: (to the node ÷ to its region) ÷ (its capacity ÷ the region's);
 * 0 when its region got none.
 */
export function shareOfFair(node: SimulatedNode, window: IssueWindow): number {
  const toRegion = window.toRegion(node.region.name);
  if (toRegion === 0 || !node.isUp) return 0;
  return (window.toNode(node) / toRegion) * (runningCapacityMbps(node.region) / node.capacityMbps);
}

/** The largest of any node of the region. */
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
