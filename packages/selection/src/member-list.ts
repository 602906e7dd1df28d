/** An entry that can be picked at random in proportion to its capacity. */
export type Drawable = {
  /** Part of the capacity that counts when nodes are picked; default 1. */
  readonly drawShare?: number;
  readonly node: { readonly capacityMbps: number; readonly failureDomain: string; readonly transportBits: number };
};

/** The weight of an entry when entries are picked, Mbit/s. */
export function drawMbps({ node, drawShare = 1 }: Drawable): number {
  return node.capacityMbps * drawShare;
}

/** Members in a fixed order. A member is picked at random in proportion to its capacity. */
export type MemberList<T extends Drawable = Drawable> = {
  readonly members: readonly T[];
  /** Entry i: total capacity of the members 0 … i, Mbit/s. */
  readonly cumulativeMbps: Float64Array;
  /** Caches look-ups in the list. */
  readonly index: { places: Map<T, number> | undefined; readonly domains: Map<string, DomainPart> };
};

/** The members of one failure domain in a list. */
type DomainPart = {
  /** Their positions in the list, ascending. */
  readonly places: readonly number[];
  /** Entry i: total capacity of the first i members of the domain, Mbit/s. Has one more entry than `places`. */
  readonly sumsMbps: readonly number[];
};

/** The members of a pool that may be picked. */
export type DrawRules<T extends Drawable = Drawable> = {
  /** Allows only members that have at least one of these bits. */
  readonly transportBits: number;
  readonly barred: readonly T[];
  readonly barredDomains: readonly string[];
};

export function createMemberList<T extends Drawable>(members: readonly T[]): MemberList<T> {
  let totalMbps = 0;
  return {
    members,
    cumulativeMbps: Float64Array.from(members, (member) => (totalMbps += drawMbps(member))),
    index: { places: undefined, domains: new Map() },
  };
}

/**
 * Picks a member at random in proportion to capacity. Never picks a barred member. The cost is O(barred × log n): the capacities of barred members
 * are subtracted from the list's cumulative sums, and no new list is built. After a change, the first call fills the caches in O(n).
 *
 * @param point uniform in [0, 1)
 * @returns undefined if every member is barred
 */
export function drawAmongRest<T extends Drawable>(
  list: MemberList<T>,
  { barred, barredDomains }: DrawRules<T>,
  point: number,
): T | undefined {
  const { members, cumulativeMbps } = list;
  const parts: DomainPart[] = [];
  for (const domain of barredDomains) parts.push(domainPart(list, domain));
  const places: number[] = [];
  for (const member of barred) {
    const place = placeOf(list, member);
    if (place !== undefined && !barredDomains.includes(member.node.failureDomain)) places.push(place);
  }
  let left = members.length - places.length;
  for (const part of parts) left -= part.places.length;
  if (left <= 0) return undefined;

  /** Total capacity of the allowed members among 0 … place. */
  const allowedMbps = (place: number): number => {
    let sumMbps = cumulativeMbps[place] ?? 0;
    for (const other of places) {
      const barredMember = other <= place ? members[other] : undefined;
      if (barredMember !== undefined) sumMbps -= drawMbps(barredMember);
    }
    for (const part of parts) sumMbps -= part.sumsMbps[countUpTo(part.places, place)] ?? 0;
    return sumMbps;
  };
  const isAllowed = (place: number): boolean => {
    const member = members[place];
    return member !== undefined && !places.includes(place) && !barredDomains.includes(member.node.failureDomain);
  };

  const pointMbps = point * allowedMbps(members.length - 1);
  let low = 0;
  let high = members.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pointMbps < allowedMbps(middle)) high = middle;
    else low = middle + 1;
  }
  // Because of rounding, the point can be on a barred member next to an allowed member.
  let place = low;
  while (place < members.length && !isAllowed(place)) place += 1;
  if (place === members.length) place = low;
  while (!isAllowed(place)) place -= 1;
  return members[place];
}

function placeOf<T extends Drawable>(list: MemberList<T>, member: T): number | undefined {
  list.index.places ??= new Map(list.members.map((each, place) => [each, place]));
  return list.index.places.get(member);
}

function domainPart<T extends Drawable>({ members, index }: MemberList<T>, domain: string): DomainPart {
  const known = index.domains.get(domain);
  if (known !== undefined) return known;
  const places: number[] = [];
  const sumsMbps = [0];
  let sumMbps = 0;
  for (const [place, member] of members.entries()) {
    if (member.node.failureDomain !== domain) continue;
    sumMbps += drawMbps(member);
    places.push(place);
    sumsMbps.push(sumMbps);
  }
  const part = { places, sumsMbps };
  index.domains.set(domain, part);
  return part;
}

/** Counts the numbers up to and including the limit, by binary search. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
