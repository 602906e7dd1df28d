/** Anything that calls can be drawn to in proportion to its capacity. */
export type Drawable = { readonly node: { readonly capacityMbps: number; readonly failureDomain: string } };

/** Nodes to draw from in proportion to their capacity: each draw costs O(log n). */
export type NodePool<T extends Drawable = Drawable> = {
  readonly members: readonly T[];
  /** At i: capacity of the members 0 … i together, Mbit/s. */
  readonly cumulativeMbps: Float64Array;
  /** How many different ones the members are in. */
  readonly failureDomains: number;
};

export function createNodePool<T extends Drawable>(members: readonly T[]): NodePool<T> {
  let totalMbps = 0;
  return {
    members,
    cumulativeMbps: Float64Array.from(members, ({ node }) => (totalMbps += node.capacityMbps)),
    failureDomains: new Set(members.map(({ node }) => node.failureDomain)).size,
  };
}

/** Draws that may miss before all members are looked through. */
const drawsMax = 8;

/**
 * Draws a member in proportion to capacity among those that are allowed.
 *
 * @param random uniform in [0, 1)
 * @returns undefined when none is allowed
 */
export function drawNode<T extends Drawable>(
  { members, cumulativeMbps }: NodePool<T>,
  isAllowed: (member: T) => boolean,
  random: () => number,
): T | undefined {
  const totalMbps = cumulativeMbps.at(-1);
  if (totalMbps === undefined) return undefined;
  for (let draws = 0; draws < drawsMax; draws += 1) {
    const member = members[indexAt(cumulativeMbps, random() * totalMbps)];
    if (member !== undefined && isAllowed(member)) return member;
  }
  return drawByScan(members, isAllowed, random);
}

/** The same for few allowed among many: O(n). */
function drawByScan<T extends Drawable>(
  members: readonly T[],
  isAllowed: (member: T) => boolean,
  random: () => number,
): T | undefined {
  let allowedMbps = 0;
  for (const member of members) if (isAllowed(member)) allowedMbps += member.node.capacityMbps;
  let pointMbps = random() * allowedMbps;
  let last: T | undefined;
  for (const member of members) {
    if (!isAllowed(member)) continue;
    pointMbps -= member.node.capacityMbps;
    if (pointMbps < 0) return member;
    // Sums round: the point may lie a hair past the last one's end.
    last = member;
  }
  return last;
}

/** The member on whose stretch of the line of capacities the point falls; binary search. */
function indexAt(cumulativeMbps: Float64Array, pointMbps: number): number {
  let low = 0;
  let high = cumulativeMbps.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pointMbps < (cumulativeMbps[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
