// Writes src/country-centres.ts from the default data: for each country the average of its IPv4 addresses on the globe.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { defaultGeoipPaths } from '@turn-router/geoip';
import { Reader } from 'maxmind';

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) {
  console.log(
    'Usage: pnpm generate-country-centres\nRenews src/country-centres.ts from the default GeoIP data (takes half a minute).',
  );
} else {
  const [ipv4Path] = defaultGeoipPaths();
  const reader = new Reader(readFileSync(ipv4Path));
  const centres = averageByCountry(reader);
  writeFileSync(
    new URL('../src/country-centres.ts', import.meta.url),
    renderTable(centres, reader.metadata.buildEpoch),
  );
  console.log(`${centres.size} countries written to src/country-centres.ts`);
}

/**
 * Adds up each country's addresses as vectors from the centre of the earth. This also works across the date line.
 *
 * @param {Reader} reader of the flat IPv4 file
 * @returns {Map<string, [x: number, y: number, z: number]>}
 */
function averageByCountry(reader) {
  const sums = new Map();
  for (let address = 0; address < 2 ** 32;) {
    const octets = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255);
    const [record, prefixLength] = reader.getWithPrefixLength(octets.join('.'));
    const addresses = 2 ** (32 - prefixLength);
    address += addresses;
    if (record === null) continue;
    const latitude = (record.latitude * Math.PI) / 180;
    const longitude = (record.longitude * Math.PI) / 180;
    const sum = sums.get(record.country_code) ?? [0, 0, 0];
    sum[0] += addresses * Math.cos(latitude) * Math.cos(longitude);
    sum[1] += addresses * Math.cos(latitude) * Math.sin(longitude);
    sum[2] += addresses * Math.sin(latitude);
    sums.set(record.country_code, sum);
  }
  return sums;
}

/**
 * @param {Map<string, [number, number, number]>} centres
 * @param {Date} builtAt
 */
function renderTable(centres, builtAt) {
  const rows = [...centres]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([country, [x, y, z]]) => {
      const latitude = (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI;
      const longitude = (Math.atan2(y, x) * 180) / Math.PI;
      return `  ${country}: [${Number(latitude.toFixed(1))}, ${Number(longitude.toFixed(1))}],`;
    });
  return `// Written by scripts/generate-country-centres.mjs from DB-IP City Lite of ${builtAt.toISOString().slice(0, 10)}. Do not edit.
// IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0.

/** Average location of each country's IPv4 addresses, in whole tenths of a degree. */
export const countryCentres: Readonly<Record<string, readonly [latitude: number, longitude: number]>> = {
${rows.join('\n')}
};
`;
}
