/** A node that the bound on nodes out of service looks at. */
export type Suspect = {
  readonly name: string;
  readonly region: string;
  /** When two probers refuted the node for the first time, ms. */
  readonly sinceMs: number;
  /** When the node went out of service, ms. Undefined for a node in service. */
  readonly outSinceMs: number | undefined;
  /** Whether the node may go out of service now, or stay out. */
  readonly isDue: boolean;
};

/** Why a due node stays in service. */
export type KeptBecause = 'region_at_once' | 'fleet_at_once' | 'region_share';

/** Nodes that became suspected together are a group for this time. A node that is out longer is no part of a group, ms. */
const groupWindowMs = 180_000;

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
  const group = suspects.filter(({ outSinceMs }) => outSinceMs === undefined || nowMs - outSinceMs <= groupWindowMs);
  const inGroup = countByRegion(group);
  const fleetSize = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const isAtOnce = (suspected: number, size: number) => suspected >= groupMin && suspected > maxShare * size;
  const isFleetAtOnce = isAtOnce(group.length, fleetSize);
  const groupNames = new Set(group.map(({ name }) => name));

  const kept = new Map<string, KeptBecause>();
  const out = new Map<string, number>();
  for (const { name, region } of suspects.filter(({ isDue }) => isDue).toSorted(byAge)) {
    const size = sizes.get(region) ?? 0;
    const outOfRegion = out.get(region) ?? 0;
    if (groupNames.has(name) && isAtOnce(inGroup.get(region) ?? 0, size)) kept.set(name, 'region_at_once');
    else if (groupNames.has(name) && isFleetAtOnce) kept.set(name, 'fleet_at_once');
    else if (outOfRegion >= Math.max(1, Math.floor(maxShare * size))) kept.set(name, 'region_share');
    else out.set(region, outOfRegion + 1);
  }
  return kept;
}

function byAge(one: Suspect, other: Suspect): number {
  const outFirst = Number(other.outSinceMs !== undefined) - Number(one.outSinceMs !== undefined);
  return outFirst || one.sinceMs - other.sinceMs || (one.name < other.name ? -1 : 1);
}

function countByRegion(suspects: readonly Suspect[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { region } of suspects) counts.set(region, (counts.get(region) ?? 0) + 1);
  return counts;
}
