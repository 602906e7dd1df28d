import type { Drawable, DrawRules } from './member-list.ts';
import { drawNode, type NodePool } from './node-pool.ts';

/** The nodes of a pool that one caller may get. */
export type NodeFilter<T extends Drawable = Drawable> = {
  /** Allows only nodes that offer at least one of these transports. */
  readonly transportBits: number;
  readonly excluded: readonly T[];
};

const none: readonly never[] = [];

/**
 * The power of two choices (Mitzenmacher 1996): picks two different nodes at random in proportion to capacity, and takes the less loaded of the
 * two nodes. Even if the reports are wrong, a node gets at most about twice its fair part of the calls. If the least loaded node were always taken, this
 * node would get every call until its next report.
 *
 * @param random uniform in [0, 1)
 */
export function pickNode<T extends Drawable>(
  pool: NodePool<T>,
  rules: DrawRules<T>,
  loadOf: (member: T) => number,
  random: () => number,
): T | undefined {
  const first = drawNode(pool, rules, random);
  if (first === undefined || pool.members.length === 1) return first;
  const { transportBits, barred, barredDomains } = rules;
  const others = { transportBits, barred: barred.length === 0 ? [first] : [...barred, first], barredDomains };
  const second = drawNode(pool, others, random);
  return second !== undefined && loadOf(second) < loadOf(first) ? second : first;
}

/** Picks up to `count` nodes, best first. Each node is from a different failure domain, as long as unused domains are left. */
export function pickNodes<T extends Drawable>(
  pool: NodePool<T>,
  count: number,
  { transportBits, excluded }: NodeFilter<T>,
  loadOf: (member: T) => number,
  random: () => number,
): T[] {
  if (count === 1) {
    const only = pickNode(pool, { transportBits, barred: excluded, barredDomains: none }, loadOf, random);
    return only === undefined ? [] : [only];
  }
  const picked: T[] = [];
  const barred = [...excluded];
  const domains: string[] = [];
  while (picked.length < count) {
    const next =
      (domains.length < pool.failureDomains
        ? pickNode(pool, { transportBits, barred: excluded, barredDomains: domains }, loadOf, random)
        : undefined) ?? pickNode(pool, { transportBits, barred, barredDomains: none }, loadOf, random);
    if (next === undefined) break;
    picked.push(next);
    barred.push(next);
    if (!domains.includes(next.node.failureDomain)) domains.push(next.node.failureDomain);
  }
  return picked;
}
