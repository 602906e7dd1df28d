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

/**
 * Types of IPinfo's files with the location of addresses, such as `ipinfo bundle_location_lite.mmdb`. Files about networks and companies are
 * excluded: their `country` is the country of the owner.
 */
const ipinfoTypes = /^ipinfo \S*(?:location|country|city)/i;

/** @returns undefined if a file of this database type contains no locations */
export function placeReaderFor(databaseType: string): PlaceReader | undefined {
  if (flatTypes.test(databaseType)) return readFlat;
  if (ipinfoTypes.test(databaseType)) return readIpinfo;
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

/** In newer files of IPinfo, `country` and `continent` are names, and the codes have their own fields. Coordinates are numbers or text. */
function readIpinfo(record: object): Place | undefined {
  const fields: Record<string, unknown> = { ...record };
  const [locLatitude, locLongitude] = typeof fields['loc'] === 'string' ? fields['loc'].split(',') : [];
  return placeFromParts({
    country: fields['country_code'] ?? fields['country'],
    continent: fields['continent_code'] ?? fields['continent'],
    subdivision: fields['region_code'],
    latitude: numberFrom(fields['latitude'] ?? fields['lat'] ?? locLatitude),
    longitude: numberFrom(fields['longitude'] ?? fields['lng'] ?? fields['lon'] ?? locLongitude),
  });
}

function numberFrom(value: unknown): unknown {
  return typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
}
