import type { Policy } from '@turn-router/contract';
import { greatCircleKm } from './great-circle.ts';
import { createPrefixTable } from './prefix-table.ts';
import type { LocatedCaller } from './placement.ts';

/** Everything of the policy that places callers, made ready once for many calls. Each look-up may name a region that is not in use. */
export type PlacementMap = {
  readonly ofPrefix: (address: string | undefined) => string | undefined;
  readonly ofSubdivision: (subdivision: string | undefined) => string | undefined;
  readonly ofCountry: (country: string | undefined) => string | undefined;
  readonly ofContinent: (continent: string | undefined) => string | undefined;
  /** By great circle, of the regions in use. */
  readonly nearestTo: (location: LocatedCaller['location']) => string | undefined;
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

function lookUp(overrides: Readonly<Partial<Record<string, string>>>, key: string | undefined): string | undefined {
  return key !== undefined && Object.hasOwn(overrides, key) ? overrides[key] : undefined;
}

type Located = { readonly region: string; readonly location: NonNullable<LocatedCaller['location']> };

function findNearest(regions: readonly Located[], from: Located['location']): string | undefined {
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
