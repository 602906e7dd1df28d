import { countries } from 'countries-list';
import { countryCentres } from './country-centres.ts';
import type { Continent, Coordinates, Place } from './place.ts';

/** The unchecked values of a record. A file can contain anything. */
export type PlaceParts = {
  readonly country?: unknown;
  readonly continent?: unknown;
  /** The part of the ISO 3166-2 code after the hyphen. */
  readonly subdivision?: unknown;
  readonly latitude?: unknown;
  readonly longitude?: unknown;
};

const continents: ReadonlySet<unknown> = new Set<Continent>(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA']);

const continentByCountry = new Map<string, Continent>(
  Object.entries(countries).map(([code, { continent }]) => [code, continent]),
);

/** The average location of a country's IPv4 addresses. It is closer to the users than the centre of the country's area. */
const centreByCountry = new Map<string, Coordinates>(
  Object.entries(countryCentres).map(([code, [latitude, longitude]]) => [code, { latitude, longitude }]),
);

/** Keeps the valid parts, and derives a missing continent or location from the country. @returns undefined if no part is valid */
export function placeFromParts(parts: PlaceParts): Place | undefined {
  const country = isCode(parts.country, /^[A-Z]{2}$/) ? parts.country : undefined;
  const continent = isContinent(parts.continent) ? parts.continent : country && continentByCountry.get(country);
  const location = locationFromParts(parts) ?? (country && centreByCountry.get(country));
  // Assigned one by one, because spreading makes a lookup a quarter slower.
  const place: { -readonly [Part in keyof Place]: Place[Part] } = {};
  if (country) place.country = country;
  if (continent) place.continent = continent;
  if (country && isCode(parts.subdivision, /^[A-Z0-9]{1,3}$/)) place.subdivision = `${country}-${parts.subdivision}`;
  if (location) place.location = location;
  return Object.keys(place).length > 0 ? place : undefined;
}

function locationFromParts({ latitude, longitude }: PlaceParts): Coordinates | undefined {
  if (!isWithin(latitude, 90) || !isWithin(longitude, 180)) return undefined;
  // Several databases write 0, 0 (open sea) if they only know the country.
  return latitude === 0 && longitude === 0 ? undefined : { latitude, longitude };
}

function isWithin(value: unknown, bound: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= bound;
}

function isCode(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

function isContinent(value: unknown): value is Continent {
  return continents.has(value);
}
