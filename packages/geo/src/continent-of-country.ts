import { countries } from 'countries-list';
import type { Continent } from './place.ts';

const CONTINENTS = new Map<string, Continent>(
  Object.entries(countries).map(([code, { continent }]) => [code, continent]),
);

/** @param country ISO 3166-1 alpha-2, upper case */
export function continentOfCountry(country: string): Continent | undefined {
  return CONTINENTS.get(country);
}
