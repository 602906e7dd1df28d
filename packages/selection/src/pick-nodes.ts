import type { Drawable, DrawRules } from './member-list.ts';
import { drawNode, type NodePool } from './node-pool.ts';

/** Which nodes of a pool one caller may get. */
export type GivableNodes<T extends Drawable = Drawable> = {
  /** Only those that offer one of these transports. */
  readonly transportBits: number;
  readonly excluded: readonly T[];
};

/** Nothing is barred. */
const none: readonly never[] = [];

/**
 * The power of two choices (Mitzenmacher 1996): draws two different nodes in proportion to capacity and takes the less loaded. Whatever the
 * reports say, a node gets at most about twice its share; always taking the least loaded would send it every call until its next report.
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

/** Up to `count` nodes, best first, each from another failure domain as long as there is one. */
export function pickNodes<T extends Drawable>(
  pool: NodePool<T>,
  count: number,
  { transportBits, excluded }: GivableNodes<T>,
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
