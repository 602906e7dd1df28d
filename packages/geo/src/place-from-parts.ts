import { continentOfCountry } from './continent-of-country.ts';
import { countryCentre } from './country-centre.ts';
import type { Continent, Location, Place } from './place.ts';

/** What a record says, unchecked: a file can hold anything. */
export type PlaceParts = {
  country?: unknown;
  continent?: unknown;
  /** The part of ISO 3166-2 behind the hyphen. */
  subdivision?: unknown;
  latitude?: unknown;
  longitude?: unknown;
};

const CONTINENTS: ReadonlySet<unknown> = new Set<Continent>(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA']);

/** Keeps what holds, fills continent and location from the country. @returns undefined when nothing is left */
export function placeFromParts(parts: PlaceParts): Place | undefined {
  const place: Place = {};
  const country = isCode(parts.country, /^[A-Z]{2}$/) ? parts.country : undefined;
  const continent = isContinent(parts.continent) ? parts.continent : country && continentOfCountry(country);
  const location = locationFromParts(parts) ?? (country && countryCentre(country));
  if (country) place.country = country;
  if (continent) place.continent = continent;
  if (country && isCode(parts.subdivision, /^[A-Z0-9]{1,3}$/)) place.subdivision = `${country}-${parts.subdivision}`;
  if (location) place.location = location;
  return Object.keys(place).length > 0 ? place : undefined;
}

function locationFromParts({ latitude, longitude }: PlaceParts): Location | undefined {
  if (!isWithin(latitude, 90) || !isWithin(longitude, 180)) return undefined;
  // Several databases write 0, 0 (open sea) where they know the country alone.
  return latitude === 0 && longitude === 0 ? undefined : { latitude, longitude };
}

function isWithin(value: unknown, bound: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= bound;
}

function isCode(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

function isContinent(value: unknown): value is Continent {
  return CONTINENTS.has(value);
}
