import { describe, expect, test } from '@jest/globals';
import { countryCentres } from './country-centres.ts';
import { placeFromParts } from './place-from-parts.ts';

const paris = { latitude: 48.86, longitude: 2.35 };
const franceCentre = { latitude: countryCentres['FR']?.[0], longitude: countryCentres['FR']?.[1] };

describe('a place', () => {
  test('keeps the values of the record', () => {
    expect(placeFromParts({ country: 'FR', continent: 'EU', subdivision: 'IDF', ...paris })).toEqual({
      country: 'FR',
      continent: 'EU',
      subdivision: 'FR-IDF',
      location: paris,
    });
  });

  test('derives a missing continent and location from the country', () => {
    expect(placeFromParts({ country: 'FR' })).toEqual({ country: 'FR', continent: 'EU', location: franceCentre });
  });

  test('can be only a continent, or only coordinates', () => {
    expect(placeFromParts({ continent: 'AF' })).toEqual({ continent: 'AF' });
    expect(placeFromParts({ ...paris })).toEqual({ location: paris });
  });

  test.each([
    ['no number', { latitude: '48.86', longitude: '2.35' }],
    ['half of a pair', { latitude: 48.86 }],
    ['not finite', { latitude: Number.NaN, longitude: 2.35 }],
    ['beyond the pole', { latitude: 90.1, longitude: 2.35 }],
    ['beyond the date line', { latitude: 48.86, longitude: -180.1 }],
    ['0, 0, which means unknown', { latitude: 0, longitude: 0 }],
  ])('uses the country’s centre if the coordinates are %s', (_, coordinates) => {
    expect(placeFromParts({ country: 'FR', ...coordinates })?.location).toEqual(franceCentre);
  });

  test.each([
    ['country', { country: 'fr' }],
    ['country', { country: 'FRA' }],
    ['country', { country: 250 }],
    ['continent', { continent: 'XX' }],
    ['subdivision without its country', { subdivision: 'IDF' }],
  ])('ignores an invalid %s: %j', (_, parts) => {
    expect(placeFromParts(parts)).toBeUndefined();
  });

  test('ignores a subdivision’s name', () => {
    expect(placeFromParts({ country: 'US', subdivision: 'California', ...paris })).toEqual({
      country: 'US',
      continent: 'NA',
      location: paris,
    });
  });

  test('keeps a country that the tables do not contain, without continent and location', () => {
    expect(placeFromParts({ country: 'ZZ' })).toEqual({ country: 'ZZ' });
  });
});

describe('the countries', () => {
  test('all have a continent and valid coordinates', () => {
    const strange = Object.keys(countryCentres).filter((country) => {
      const place = placeFromParts({ country });
      const { latitude = 91, longitude = 181 } = place?.location ?? {};
      return place?.continent === undefined || Math.abs(latitude) > 90 || Math.abs(longitude) > 180;
    });
    expect(strange).toEqual([]);
  });
});
