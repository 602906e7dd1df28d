import type { PlacementRung, Policy } from '@turn-router/contract';
import type { Caller } from './caller.ts';
import { greatCircleKm } from './great-circle.ts';
import { createPrefixTable } from './prefix-table.ts';

/** The region that a caller belongs to, and the rung that said so. */
export type Placement = { readonly region: string; readonly rung: PlacementRung };

export type RegionLadder = (caller: Caller) => Placement;

/** Everything of the policy that places callers, made ready once for many calls. */
export function createRegionLadder({ defaultRegion, regions, placement }: Policy): RegionLadder {
  const enabled = new Map(Object.entries(regions).filter(([, region]) => region.enabled));
  const regionByPrefix = createPrefixTable(placement.prefixes);

  const rungs: readonly [PlacementRung, (caller: Caller) => string | undefined][] = [
    ['prefix', ({ address }) => (address === undefined ? undefined : regionByPrefix(address))],
    ['subdivision', ({ subdivision }) => lookUp(placement.subdivisions, subdivision)],
    ['country', ({ country }) => lookUp(placement.countries, country)],
    ['continent', ({ continent }) => lookUp(placement.continents, continent)],
    ['nearest', ({ location }) => (location === undefined ? undefined : findNearest(enabled, location))],
  ];

  return (caller) => {
    for (const [rung, place] of rungs) {
      const region = place(caller);
      if (region !== undefined && enabled.has(region)) return { region, rung };
    }
    return { region: defaultRegion, rung: 'default' };
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
