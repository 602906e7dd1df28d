import { drawNode, type Drawable, type NodePool } from './node-pool.ts';

/**
 * The power of two choices (Mitzenmacher 1996): draws two different nodes in proportion to capacity and takes the less loaded. Whatever the
 * reports say, a node gets at most about twice its share; always taking the least loaded would send it every call until its next report.
 *
 * @param random uniform in [0, 1)
 */
export function pickNode<T extends Drawable>(
  pool: NodePool<T>,
  isAllowed: (member: T) => boolean,
  loadOf: (member: T) => number,
  random: () => number,
): T | undefined {
  const first = drawNode(pool, isAllowed, random);
  if (first === undefined || pool.members.length === 1) return first;
  const second = drawNode(pool, (member) => member !== first && isAllowed(member), random);
  return second !== undefined && loadOf(second) < loadOf(first) ? second : first;
}

/** Up to `count` nodes, best first, each from another failure domain as long as there is one. */
export function pickNodes<T extends Drawable>(
  pool: NodePool<T>,
  count: number,
  isAllowed: (member: T) => boolean,
  loadOf: (member: T) => number,
  random: () => number,
): T[] {
  if (count === 1) {
    const only = pickNode(pool, isAllowed, loadOf, random);
    return only === undefined ? [] : [only];
  }
  const picked: T[] = [];
  const domains = new Set<string>();
  const isNew = (member: T) => !picked.includes(member) && isAllowed(member);
  const isElsewhere = (member: T) => !domains.has(member.node.failureDomain) && isAllowed(member);
  while (picked.length < count) {
    const elsewhere = domains.size < pool.failureDomains ? pickNode(pool, isElsewhere, loadOf, random) : undefined;
    const next = elsewhere ?? pickNode(pool, isNew, loadOf, random);
    if (next === undefined) break;
    picked.push(next);
    domains.add(next.node.failureDomain);
  }
  return picked;
}
