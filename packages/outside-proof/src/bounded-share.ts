/** A node that the bound on nodes out of service looks at. */
export type Suspect = {
  readonly name: string;
  readonly region: string;
  /** When two probers refuted the node for the first time, ms. */
  readonly sinceMs: number;
  /** When the node became suspected after a long time without suspicion, ms. A node that toggles keeps this time. */
  readonly doubtedSinceMs: number;
  /** Whether enough probers refute the node, or did so a short time ago. */
  readonly hasMajority: boolean;
  /** When the node went out of service, ms. Undefined for a node in service. */
  readonly outSinceMs: number | undefined;
  /** Whether the node may go out of service now, or stay out. */
  readonly isDue: boolean;
};

/** Why a due node stays in service. */
export type KeptBecause = 'region_at_once' | 'fleet_at_once' | 'region_share';

/** Nodes that became suspected together are a group for this time. A node that is out longer is no part of a group, ms. */
export const groupWindowMs = 180_000;

/** A suspect that too few probers refute is part of a group for this time, ms. So a node that is half broken keeps no dead node in service. */
const doubtMs = 180_000;

/**
 * If at least this many suspects of a region or of the fleet are doubted for longer, they are part of its group for as long as they are doubted: this
 * is a partition that lasts. In a large fleet, chance decides which of the nodes have a majority against them.
 */
const doubtedMin = 2;

/** The smallest number of nodes that count as a group, as for nodes that vanish together. */
const groupMin = 2;

/**
 * Decides which due nodes stay in service. If too many nodes of a region or of the fleet are suspected at once, the network between them is at
 * fault: all of them stay. Of a region, at most `maxShare` of the nodes are out at a time, and always at least one may be; the nodes that were
 * suspected first go out first.
 *
 * @param sizes nodes by region, in and out of service
 */
export function keepInService(
  suspects: readonly Suspect[],
  sizes: ReadonlyMap<string, number>,
  maxShare: number,
  nowMs: number,
): ReadonlyMap<string, KeptBecause> {
  const fleetSize = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const recent = suspects.filter(({ outSinceMs }) => outSinceMs === undefined || nowMs - outSinceMs <= groupWindowMs);
  const isAtOnce = (ofRegionOrFleet: readonly Suspect[], size: number) => {
    const suspected = countGroup(ofRegionOrFleet, nowMs);
    return suspected >= groupMin && suspected > maxShare * size;
  };
  const isFleetAtOnce = isAtOnce(recent, fleetSize);
  const regionsAtOnce = new Set(
    [...groupByRegion(recent)]
      .filter(([region, those]) => isAtOnce(those, sizes.get(region) ?? 0))
      .map(([region]) => region),
  );
  const recentNames = new Set(recent.map(({ name }) => name));

  const kept = new Map<string, KeptBecause>();
  const out = new Map<string, number>();
  for (const { name, region } of suspects.filter(({ isDue }) => isDue).toSorted(byAge)) {
    const size = sizes.get(region) ?? 0;
    const outOfRegion = out.get(region) ?? 0;
    if (recentNames.has(name) && regionsAtOnce.has(region)) kept.set(name, 'region_at_once');
    else if (recentNames.has(name) && isFleetAtOnce) kept.set(name, 'fleet_at_once');
    else if (outOfRegion >= Math.max(1, Math.floor(maxShare * size))) kept.set(name, 'region_share');
    else out.set(region, outOfRegion + 1);
  }
  return kept;
}

function byAge(one: Suspect, other: Suspect): number {
  const outFirst = Number(other.outSinceMs !== undefined) - Number(one.outSinceMs !== undefined);
  return outFirst || one.sinceMs - other.sinceMs || (one.name < other.name ? -1 : 1);
}

/** Returns how many of these suspects count together. */
function countGroup(suspects: readonly Suspect[], nowMs: number): number {
  const doubted = suspects.filter(
    ({ hasMajority, doubtedSinceMs }) => !hasMajority && nowMs - doubtedSinceMs >= doubtMs,
  );
  return doubted.length < doubtedMin ? suspects.length - doubted.length : suspects.length;
}

function groupByRegion(suspects: readonly Suspect[]): ReadonlyMap<string, readonly Suspect[]> {
  const groups = new Map<string, Suspect[]>();
  for (const suspect of suspects) {
    const group = groups.get(suspect.region);
    if (group === undefined) groups.set(suspect.region, [suspect]);
    else group.push(suspect);
  }
  return groups;
}
