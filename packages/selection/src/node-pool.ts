import { createMemberList, drawAmongRest, type Drawable, type DrawRules, type MemberList } from './member-list.ts';

/** The nodes of a region that take calls: each draw costs O(log n). */
export type NodePool<T extends Drawable = Drawable> = MemberList<T> & {
  /** How many different ones the members are in. */
  readonly failureDomains: number;
  /**
   * At the bits of some transports: the members that offer one of these, once somebody has asked for them; null: none does. To be emptied
   * when a member offers others.
   */
  readonly offering: (MemberList<T> | null | undefined)[];
  /** Whether a member is another than it was when the pool was made. */
  isOutdated: boolean;
};

export function createNodePool<T extends Drawable>(members: readonly T[]): NodePool<T> {
  return {
    ...createMemberList(members),
    failureDomains: new Set(members.map(({ node }) => node.failureDomain)).size,
    offering: [],
    isOutdated: false,
  };
}

/**
 * The members that offer one of these transports; null when none does. The first call for these transports costs O(n), so that later ones
 * need not look for the few among many.
 */
export function membersOffering<T extends Drawable>(pool: NodePool<T>, transportBits: number): MemberList<T> | null {
  const { members, offering } = pool;
  const known = offering[transportBits];
  if (known !== undefined) return known;
  const found = members.filter(({ node }) => (node.transportBits & transportBits) !== 0);
  const list = found.length === members.length ? pool : found.length === 0 ? null : createMemberList(found);
  offering[transportBits] = list;
  return list;
}

/** Draws that may miss before what is allowed is looked for. */
const drawsMax = 8;

/** Up to so many members are looked through faster than looked up. */
const scannedMax = 32;

/**
 * Draws a member in proportion to capacity among those that the rules allow.
 *
 * @param random uniform in [0, 1)
 * @returns undefined when none is allowed
 */
export function drawNode<T extends Drawable>(
  pool: NodePool<T>,
  rules: DrawRules<T>,
  random: () => number,
): T | undefined {
  const { members, cumulativeMbps } = pool;
  const totalMbps = cumulativeMbps[members.length - 1];
  if (totalMbps === undefined) return undefined;
  for (let draws = 0; draws < drawsMax; draws += 1) {
    const member = members[indexAt(cumulativeMbps, random() * totalMbps)];
    if (member !== undefined && isDrawable(member, rules)) return member;
  }
  const point = random();
  const list = membersOffering(pool, rules.transportBits);
  if (list === null) return undefined;
  return list.members.length > scannedMax && !pool.isOutdated
    ? drawAmongRest(list, rules, point)
    : drawByScan(list.members, rules, point);
}

function isDrawable<T extends Drawable>(member: T, { transportBits, barred, barredDomains }: DrawRules<T>): boolean {
  const { node } = member;
  return (
    (node.transportBits & transportBits) !== 0 &&
    !barred.includes(member) &&
    (barredDomains.length === 0 || !barredDomains.includes(node.failureDomain))
  );
}

/** As `drawAmongRest`, for short lists: O(n). */
function drawByScan<T extends Drawable>(members: readonly T[], rules: DrawRules<T>, point: number): T | undefined {
  let allowedMbps = 0;
  for (const member of members) if (isDrawable(member, rules)) allowedMbps += member.node.capacityMbps;
  let pointMbps = point * allowedMbps;
  let last: T | undefined;
  for (const member of members) {
    if (!isDrawable(member, rules)) continue;
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
