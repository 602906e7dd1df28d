import { COUNTRY_CENTRES } from './country-centres.ts';
import type { Location } from './place.ts';

const CENTRES = new Map<string, Location>(
  Object.entries(COUNTRY_CENTRES).map(([code, [latitude, longitude]]) => [code, { latitude, longitude }]),
);

/**
 * The middle of a country's internet users rather than of its area: where the average of its IPv4 addresses is.
 *
 * @param country ISO 3166-1 alpha-2, upper case
 */
export function countryCentre(country: string): Location | undefined {
  return CENTRES.get(country);
}
