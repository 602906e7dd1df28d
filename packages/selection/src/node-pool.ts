import {
  createMemberList,
  drawAmongRest,
  drawMbps,
  type Drawable,
  type DrawRules,
  type MemberList,
} from './member-list.ts';

/** The nodes of a region that take calls. Picking a node costs O(log n). */
export type NodePool<T extends Drawable = Drawable> = MemberList<T> & {
  /** Number of different failure domains among the members. */
  readonly failureDomains: number;
  /**
   * Cache by transport bits: the members that offer at least one of these transports. null if no member does. Clear the cache when a member's
   * transports change.
   */
  readonly offering: (MemberList<T> | null | undefined)[];
  /** Whether a member has changed since the pool was created. */
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
 * Returns the members that offer at least one of these transports. Returns null if no member does. The first call for a set of transports costs
 * O(n). Later calls use the cache.
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

/** Number of random picks from all members. If no pick is allowed, the search among the allowed members starts. */
const drawsMax = 8;

/** Up to this number of members, checking each member is faster than using an index. */
const scannedMax = 32;

/**
 * Picks a member that the rules allow, at random in proportion to capacity.
 *
 * @param random uniform in [0, 1)
 * @returns undefined if the rules allow no member
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

/** Does the same as `drawAmongRest` in O(n), for short lists. */
function drawByScan<T extends Drawable>(members: readonly T[], rules: DrawRules<T>, point: number): T | undefined {
  let allowedMbps = 0;
  for (const member of members) if (isDrawable(member, rules)) allowedMbps += drawMbps(member);
  let pointMbps = point * allowedMbps;
  let last: T | undefined;
  for (const member of members) {
    if (!isDrawable(member, rules)) continue;
    pointMbps -= drawMbps(member);
    if (pointMbps < 0) return member;
    // Because of rounding, the point can be slightly beyond the last allowed member.
    last = member;
  }
  return last;
}

/** Returns the index of the member whose capacity range contains the point, by binary search. */
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
