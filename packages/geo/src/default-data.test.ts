import { defaultGeoipPaths } from '@turn-router/geoip';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type GeoDatabase, openGeoDatabase } from './geo-database.ts';
import type { Coordinates } from './place.ts';

const regionPlaces: Readonly<Record<string, Coordinates>> = {
  'us-east-1': { latitude: 38.95, longitude: -77.45 },
  'eu-central-1': { latitude: 50.11, longitude: 8.68 },
  'ap-southeast-1': { latitude: 1.35, longitude: 103.82 },
};

/** The cosine of the angle between two places, seen from the centre of the earth. Nearer places have a larger cosine. */
function nearness(a: Coordinates, b: Coordinates): number {
  const [φ1, φ2, δ] = [a.latitude, b.latitude, a.longitude - b.longitude].map((degrees) => (degrees * Math.PI) / 180);
  if (φ1 === undefined || φ2 === undefined || δ === undefined) return Number.NaN;
  return Math.sin(φ1) * Math.sin(φ2) + Math.cos(φ1) * Math.cos(φ2) * Math.cos(δ);
}

function nearestRegion(from: Coordinates | undefined): string | undefined {
  if (from === undefined) return undefined;
  const regions = Object.entries(regionPlaces).map(([region, location]) => ({
    region,
    nearness: nearness(from, location),
  }));
  return regions.toSorted((a, b) => b.nearness - a.nearness)[0]?.region;
}

describe('the default data', () => {
  let geo: GeoDatabase;
  beforeAll(async () => {
    geo = await openGeoDatabase({ paths: defaultGeoipPaths(), watchIntervalMs: 0 });
  });

  test('has one file for each address family', () => {
    expect(geo.files.map(({ databaseType, families }) => ({ databaseType, families }))).toEqual([
      { databaseType: 'city ipv4', families: ['ipv4'] },
      { databaseType: 'city ipv6', families: ['ipv6'] },
    ]);
  });

  test.each([
    ['81.2.69.142', 'EU', 'eu-central-1'],
    ['2a02:d100::1', 'EU', 'eu-central-1'],
    ['8.8.8.8', 'NA', 'us-east-1'],
    ['2001:4860:4860::8888', 'NA', 'us-east-1'],
    ['1.1.1.1', 'OC', 'ap-southeast-1'],
    ['202.12.27.33', 'AS', 'ap-southeast-1'],
    ['203.0.113.1', undefined, undefined],
    ['10.0.0.1', undefined, undefined],
  ])('locates %s in %s, nearest to %s', (address, continent, region) => {
    const place = geo.locate(address);
    expect({ continent: place?.continent, region: nearestRegion(place?.location) }).toEqual({ continent, region });
  });

  test.each([
    ['81.2.69.142', 'GB'],
    ['8.8.8.8', 'US'],
  ])('locates %s in %s', (address, country) => {
    expect(geo.locate(address)?.country).toBe(country);
  });
});
