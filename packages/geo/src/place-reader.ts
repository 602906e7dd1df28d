import { City } from '@maxmind/geoip2-node';
import type { CityResponse } from 'maxmind';
import type { Place } from './place.ts';
import { placeFromParts } from './place-from-parts.ts';

/** Converts one record. `CityResponse` is the expected type, but a file can contain anything. */
export type PlaceReader = (record: CityResponse) => Place | undefined;

/** Types of GeoIP2, GeoLite2 and DB-IP's files, named as @maxmind/geoip2-node expects. All contain the City record or a part of it. */
const nestedTypes = /City|Country|Enterprise/;
/** Types of the flat files of ip-location-db, which include the default data. */
const flatTypes = /^(city|country)( ipv[46])?$/;

/** @returns undefined if a file of this database type contains no locations */
export function placeReaderFor(databaseType: string): PlaceReader | undefined {
  if (flatTypes.test(databaseType)) return readFlat;
  return nestedTypes.test(databaseType) ? readNested : undefined;
}

function readFlat(record: object): Place | undefined {
  const { country_code, latitude, longitude }: Record<string, unknown> = { ...record };
  return placeFromParts({ country: country_code, latitude, longitude });
}

/**
 * Uses only `country`, the location of the address. It never uses `registered_country`, the country where the owner of the address is
 * registered, because residency rules depend on the country.
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
