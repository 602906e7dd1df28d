import type { RelayNode } from './relay-node.ts';

/** Nodes to draw from in proportion to their capacity: each draw costs O(log n). */
export type NodePool = {
  readonly nodes: readonly RelayNode[];
  /** At i: capacity of the nodes 0 … i together, Mbit/s. */
  readonly cumulativeMbps: readonly number[];
};

export function createNodePool(nodes: readonly RelayNode[]): NodePool {
  let totalMbps = 0;
  const cumulativeMbps = nodes.map((node) => (totalMbps += node.capacityMbps));
  return { nodes, cumulativeMbps };
}

/**
 * The power of two choices (Mitzenmacher 1996): draws two different nodes in proportion to capacity and takes the less loaded.
 * Reports are seconds old; always taking the very least loaded would send every call of those seconds to one node.
 *
 * @param random uniform in [0, 1)
 */
export function pickNode(pool: NodePool, random: () => number): RelayNode | undefined {
  const totalMbps = pool.cumulativeMbps.at(-1) ?? 0;
  const first = draw(pool, random() * totalMbps);
  const firstNode = pool.nodes[first];
  if (firstNode === undefined || pool.nodes.length === 1) return firstNode;

  // The second draw falls on the line of capacities with the first node's stretch cut out.
  const beforeFirstMbps = pool.cumulativeMbps[first - 1] ?? 0;
  const pointMbps = random() * (totalMbps - firstNode.capacityMbps);
  const secondNode =
    pool.nodes[draw(pool, pointMbps < beforeFirstMbps ? pointMbps : pointMbps + firstNode.capacityMbps)];
  return secondNode !== undefined && secondNode.load < firstNode.load ? secondNode : firstNode;
}

/** The node on whose stretch of the line the point falls; binary search. */
function draw({ nodes, cumulativeMbps }: NodePool, pointMbps: number): number {
  let low = 0;
  let high = nodes.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pointMbps < (cumulativeMbps[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
