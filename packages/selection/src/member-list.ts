/** Anything that calls can be drawn to in proportion to its capacity. */
export type Drawable = {
  readonly node: { readonly capacityMbps: number; readonly failureDomain: string; readonly transportBits: number };
};

/** Members in a fixed order, to draw from in proportion to their capacity. */
export type MemberList<T extends Drawable = Drawable> = {
  readonly members: readonly T[];
  /** At i: capacity of the members 0 … i together, Mbit/s. */
  readonly cumulativeMbps: Float64Array;
  /** What has been looked up in the list already. */
  readonly index: { places: Map<T, number> | undefined; readonly domains: Map<string, DomainPart> };
};

/** The members of one failure domain in a list. */
type DomainPart = {
  /** Where they stand, ascending. */
  readonly places: readonly number[];
  /** At i: capacity of the first i of them together, Mbit/s; one entry more than `places`. */
  readonly sumsMbps: readonly number[];
};

/** Which members of a pool one draw may give. */
export type DrawRules<T extends Drawable = Drawable> = {
  /** Only those that have one of these. */
  readonly transportBits: number;
  readonly barred: readonly T[];
  readonly barredDomains: readonly string[];
};

export function createMemberList<T extends Drawable>(members: readonly T[]): MemberList<T> {
  let totalMbps = 0;
  return {
    members,
    cumulativeMbps: Float64Array.from(members, ({ node }) => (totalMbps += node.capacityMbps)),
    index: { places: undefined, domains: new Map() },
  };
}

/**
 * Draws in proportion to capacity among what is left of a list without the barred members and domains. The line of the allowed
 * capacities is never made: what is barred is taken off the sums of the whole list, so a draw costs O(barred × log n). Of what it takes
 * from the list, the first draw after a change costs O(n).
 *
 * @param point uniform in [0, 1)
 * @returns undefined when nothing is left
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

  /** Capacity of the allowed ones among the members 0 … place. */
  const allowedMbps = (place: number): number => {
    let sumMbps = cumulativeMbps[place] ?? 0;
    for (const other of places) if (other <= place) sumMbps -= members[other]?.node.capacityMbps ?? 0;
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
  // Sums round: the point may lie a hair beside an allowed one.
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
  for (const [place, { node }] of members.entries()) {
    if (node.failureDomain !== domain) continue;
    sumMbps += node.capacityMbps;
    places.push(place);
    sumsMbps.push(sumMbps);
  }
  const part = { places, sumsMbps };
  index.domains.set(domain, part);
  return part;
}

/** How many of these ascending numbers are at most the limit; binary search. */
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
