import { describe, expect, test } from '@jest/globals';
import { placeReaderFor } from './place-reader.ts';

describe('the type of a file', () => {
  test.each([
    'city ipv4',
    'city ipv6',
    'country ipv4',
    'country',
    'GeoLite2-City',
    'GeoIP2-City-Europe',
    'GeoIP2-Country',
    'ipinfo bundle_location_lite.mmdb',
    'ipinfo standard_location.mmdb',
    'ipinfo generic_country_free.mmdb',
  ])('is supported: %s', (type) => {
    expect(placeReaderFor(type)).toBeInstanceOf(Function);
  });

  test.each(['DBIP-City-Lite', 'DBIP-Country-Lite', 'DBIP-Location (compat=City)', 'GeoIP2-Enterprise'])(
    'is supported: %s',
    (type) => {
      expect(placeReaderFor(type)).toBeInstanceOf(Function);
    },
  );

  test.each([
    'GeoLite2-ASN',
    'ipinfo standard_asn.mmdb',
    'ipinfo standard_company.mmdb',
    'asn ipv4',
    'GeoIP2-Connection-Type',
    'Test',
    '',
  ])('rejects the type "%s", which contains no locations', (type) => {
    expect(placeReaderFor(type)).toBeUndefined();
  });
});

describe('a nested record', () => {
  const read = placeReaderFor('GeoLite2-City');
  const geoname = { geoname_id: 1, names: { en: 'x' } };

  test('returns country, continent, first subdivision and coordinates', () => {
    const record = {
      continent: { ...geoname, code: 'NA' as const },
      country: { ...geoname, iso_code: 'US' },
      subdivisions: [
        { ...geoname, iso_code: 'CA' },
        { ...geoname, iso_code: '037' },
      ],
      location: { accuracy_radius: 1, latitude: 34.05, longitude: -118.24 },
    };
    expect(read?.(record)).toEqual({
      country: 'US',
      continent: 'NA',
      subdivision: 'US-CA',
      location: { latitude: 34.05, longitude: -118.24 },
    });
  });

  test('ignores the country where the owner is registered', () => {
    const record = {
      continent: { ...geoname, code: 'EU' as const },
      registered_country: { ...geoname, iso_code: 'US' },
    };
    expect(read?.(record)).toEqual({ continent: 'EU' });
  });
});

describe('a record of IPinfo', () => {
  const read = placeReaderFor('ipinfo standard_location.mmdb') as ((record: object) => unknown) | undefined;
  const sydney = { latitude: -33.87, longitude: 151.21 };

  test.each([
    ['text in lat and lng', { country: 'AU', region: 'New South Wales', lat: '-33.87', lng: '151.21' }],
    ['text in loc', { country: 'AU', loc: '-33.87,151.21' }],
    ['numbers', { country: 'Australia', country_code: 'AU', continent: 'Oceania', continent_code: 'OC', ...sydney }],
  ])('has its coordinates as %s', (_, record) => {
    expect(read?.(record)).toEqual({ country: 'AU', continent: 'OC', location: sydney });
  });

  test('has the code of its region', () => {
    expect(read?.({ country_code: 'AU', region_code: 'NSW', ...sydney })).toMatchObject({ subdivision: 'AU-NSW' });
  });

  test.each([[{ country: 'Australia' }], [{ loc: 'x,y' }], [{ lat: '', lng: '' }], [{ loc: '1' }], [{}]])(
    '%j has no location',
    (record) => {
      expect(read?.(record)).toBeUndefined();
    },
  );
});
