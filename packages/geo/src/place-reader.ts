import { City } from '@maxmind/geoip2-node';
import type { CityResponse } from 'maxmind';
import type { Place } from './place.ts';
import { placeFromParts } from './place-from-parts.ts';

/** Reads one record; `CityResponse` is what it should be, not what a file is bound to hold. */
export type PlaceReader = (record: CityResponse) => Place | undefined;

/** GeoIP2, GeoLite2 and DB-IP's own files, named as @maxmind/geoip2-node expects; all hold the City record, or a part of it. */
const nestedTypes = /City|Country|Enterprise/;
/** The flat files of ip-location-db, the default data among them. */
const flatTypes = /^(city|country)( ipv[46])?$/;

/** @returns undefined when a file of this database type does not tell places */
export function placeReaderFor(databaseType: string): PlaceReader | undefined {
  if (flatTypes.test(databaseType)) return readFlat;
  return nestedTypes.test(databaseType) ? readNested : undefined;
}

function readFlat(record: object): Place | undefined {
  const { country_code, latitude, longitude }: Record<string, unknown> = { ...record };
  return placeFromParts({ country: country_code, latitude, longitude });
}

/**
 * `country` is where the address is; `registered_country`, where its owner is registered, does not stand in for it: residency
 * rules hang on it.
 */
function readNested(record: CityResponse): Place | undefined {
  const { country, continent, subdivisions, location } = new City(record);
  return placeFromParts({
    country: country?.isoCode,
    continent: continent?.code,
    subdivision: subdivisions?.[0]?.isoCode,
    latitude: location?.latitude,
    longitude: location?.longitude,
  });
}
