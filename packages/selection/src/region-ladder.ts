import type { PlacementRung, Policy } from '@turn-router/contract';
import type { Caller } from './caller.ts';
import { greatCircleKm } from './great-circle.ts';
import { allowedHome, allowedRegions } from './residency.ts';
import { createPrefixTable } from './prefix-table.ts';

/** The region that a caller belongs to, and the rung that said so. */
export type Placement = {
  readonly region: string;
  readonly rung: PlacementRung;
  /** Where the caller would be if residency rules or its token had not moved it; they go on asking for that. */
  readonly movedFrom?: string;
};

export type RegionLadder = (caller: Caller) => Placement;

/** Everything of the policy that places callers, made ready once for many calls. */
export function createRegionLadder(policy: Policy): RegionLadder {
  const { defaultRegion, regions, placement } = policy;
  const enabled = new Map(Object.entries(regions).filter(([, region]) => region.enabled));
  const regionByPrefix = createPrefixTable(placement.prefixes);

  const rungs: readonly [PlacementRung, (caller: Caller) => string | undefined][] = [
    ['prefix', ({ address }) => (address === undefined ? undefined : regionByPrefix(address))],
    ['subdivision', ({ subdivision }) => lookUp(placement.subdivisions, subdivision)],
    ['country', ({ country }) => lookUp(placement.countries, country)],
    ['continent', ({ continent }) => lookUp(placement.continents, continent)],
    ['nearest', ({ location }) => (location === undefined ? undefined : findNearest(enabled, location))],
  ];

  function place(caller: Caller): Placement {
    for (const [rung, placeBy] of rungs) {
      const region = placeBy(caller);
      if (region !== undefined && enabled.has(region)) return { region, rung };
    }
    return { region: defaultRegion, rung: 'default' };
  }

  return (caller) => {
    const placed = place(caller);
    const { country, regions: ofToken } = caller;
    const allowed = allowedRegions({ homeRegion: placed.region, country, regions: ofToken }, policy);
    const home = allowedHome(placed.region, allowed, policy);
    // Where nothing is allowed the caller keeps its place, and is refused relays.
    return home === undefined || home === placed.region
      ? placed
      : { region: home, rung: ofToken?.has(placed.region) === false ? 'token' : 'residency', movedFrom: placed.region };
  };
}

function lookUp(overrides: Readonly<Partial<Record<string, string>>>, key: string | undefined): string | undefined {
  return key !== undefined && Object.hasOwn(overrides, key) ? overrides[key] : undefined;
}

function findNearest(
  regions: ReadonlyMap<string, Policy['regions'][string]>,
  location: NonNullable<Caller['location']>,
): string | undefined {
  let nearest: string | undefined;
  let leastKm = Number.POSITIVE_INFINITY;
  for (const [name, region] of regions) {
    const [latitude, longitude] = region.location;
    const distanceKm = greatCircleKm(location, { latitude, longitude });
    if (distanceKm < leastKm) {
      leastKm = distanceKm;
      nearest = name;
    }
  }
  return nearest;
}
