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
  ])('is supported: %s', (type) => {
    expect(placeReaderFor(type)).toBeInstanceOf(Function);
  });

  test.each(['DBIP-City-Lite', 'DBIP-Country-Lite', 'DBIP-Location (compat=City)', 'GeoIP2-Enterprise'])(
    'is supported: %s',
    (type) => {
      expect(placeReaderFor(type)).toBeInstanceOf(Function);
    },
  );

  test.each(['GeoLite2-ASN', 'asn ipv4', 'GeoIP2-Connection-Type', 'Test', ''])(
    'rejects the type "%s", which contains no locations',
    (type) => {
      expect(placeReaderFor(type)).toBeUndefined();
    },
  );
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
