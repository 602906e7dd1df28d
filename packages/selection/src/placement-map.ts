import type { Policy } from '@turn-router/contract/policy';
import ipaddr from 'ipaddr.js';
import { greatCircleKm, type Coordinates } from './great-circle.ts';

/** The policy's placement rules in a form that is prepared once for many calls. `nearestTo` returns only enabled regions. The other functions may
 * return a disabled region. */
export type PlacementMap = {
  readonly ofPrefix: (address: string | undefined) => string | undefined;
  readonly ofSubdivision: (subdivision: string | undefined) => string | undefined;
  readonly ofCountry: (country: string | undefined) => string | undefined;
  readonly ofContinent: (continent: string | undefined) => string | undefined;
  /** Returns the enabled region with the shortest great-circle distance. */
  readonly nearestTo: (location: Coordinates | undefined) => string | undefined;
  readonly isInUse: (region: string) => boolean;
};

export function createPlacementMap({ regions, placement }: Policy): PlacementMap {
  const inUse = Object.entries(regions).flatMap(
    ([
      region,
      {
        enabled,
        location: [latitude, longitude],
      },
    ]) => (enabled ? [{ region, location: { latitude, longitude } }] : []),
  );
  const namesInUse = new Set(inUse.map(({ region }) => region));
  const byPrefix = createPrefixTable(placement.prefixes);
  return {
    ofPrefix: (address) => (address === undefined ? undefined : byPrefix(address)),
    ofSubdivision: (subdivision) => lookUp(placement.subdivisions, subdivision),
    ofCountry: (country) => lookUp(placement.countries, country),
    ofContinent: (continent) => lookUp(placement.continents, continent),
    nearestTo: (location) => (location === undefined ? undefined : findNearest(inUse, location)),
    isInUse: (region) => namesInUse.has(region),
  };
}

/** Finds the region of the longest prefix that contains an address. */
type PrefixTable = (address: string) => string | undefined;

/** @param regionByPrefix CIDR → region; the policy's schema has validated the prefixes */
function createPrefixTable(regionByPrefix: Readonly<Record<string, string>>): PrefixTable {
  const entries = Object.entries(regionByPrefix)
    .map(([prefix, region]) => ({ range: ipaddr.parseCIDR(prefix), region }))
    .toSorted((a, b) => b.range[1] - a.range[1]);
  if (entries.length === 0) return () => undefined;
  return (address) => {
    if (!ipaddr.isValid(address)) return undefined;
    const parsed = ipaddr.process(address);
    return entries.find(({ range }) => parsed.kind() === range[0].kind() && parsed.match(range))?.region;
  };
}

function lookUp(overrides: Readonly<Partial<Record<string, string>>>, key: string | undefined): string | undefined {
  return key !== undefined && Object.hasOwn(overrides, key) ? overrides[key] : undefined;
}

type Located = { readonly region: string; readonly location: Coordinates };

function findNearest(regions: readonly Located[], from: Coordinates): string | undefined {
  let nearest: string | undefined;
  let leastKm = Number.POSITIVE_INFINITY;
  for (const { region, location } of regions) {
    const distanceKm = greatCircleKm(from, location);
    if (distanceKm < leastKm) {
      leastKm = distanceKm;
      nearest = region;
    }
  }
  return nearest;
}
