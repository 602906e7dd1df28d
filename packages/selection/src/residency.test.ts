import { describe, expect, test } from '@jest/globals';
import { policyWith } from './fleet.fixture.ts';
import { allowedHome, allowedRegions, isAllowedRegion } from './residency.ts';

const policy = policyWith({
  residency: [
    { countries: ['DE', 'FR'], stayIn: ['frankfurt', 'island'] },
    { countries: ['FR'], stayIn: ['frankfurt', 'virginia'] },
    { regions: ['oregon'], stayIn: ['oregon', 'virginia'] },
  ],
});

describe('the allowed regions of a caller', () => {
  test.each([
    ['all when no rule matches', 'frankfurt', 'US', 'all'],
    ['all when no rule matches and the country is unknown', 'frankfurt', undefined, 'all'],
    ['those of the country’s rule', 'virginia', 'DE', ['frankfurt', 'island']],
    ['those that all rules of the country share', 'virginia', 'FR', ['frankfurt']],
    ['those of the region’s rule', 'oregon', 'US', ['oregon', 'virginia']],
    ['those of the region’s rule, with an unknown country', 'oregon', undefined, ['oregon', 'virginia']],
    ['none when the rules of country and region have no region in common', 'oregon', 'DE', []],
  ])('is %s', (_, naturalRegion, country, expected) => {
    const allowed = allowedRegions({ homeRegion: naturalRegion, country }, policy);
    expect(allowed === 'all' ? allowed : [...allowed]).toEqual(expected);
  });

  test.each([
    ['those of the token when no rule matches', 'US', ['virginia', 'oregon'], ['virginia', 'oregon']],
    ['those that the token and the rules share', 'DE', ['virginia', 'island'], ['island']],
    ['none when they have no region in common', 'DE', ['virginia'], []],
  ])('is %s', (_, country, regions, expected) => {
    const allowed = allowedRegions({ homeRegion: 'virginia', country, regions: new Set(regions) }, policy);
    expect(allowed).toEqual(new Set(expected));
  });

  test('contain a region or not', () => {
    expect(isAllowedRegion('virginia', 'all')).toBe(true);
    expect(isAllowedRegion('virginia', new Set(['virginia']))).toBe(true);
    expect(isAllowedRegion('virginia', new Set(['oregon']))).toBe(false);
    expect(isAllowedRegion('virginia', new Set())).toBe(false);
  });
});

describe('the home region of a caller', () => {
  test.each([
    ['its own region when all are allowed', 'virginia', 'all', 'virginia'],
    ['its own region when it is allowed', 'virginia', ['island', 'virginia'], 'virginia'],
    ['otherwise the nearest allowed region', 'virginia', ['frankfurt', 'island'], 'island'],
    ['the nearest by distance, not by order', 'oregon', ['frankfurt', 'virginia'], 'virginia'],
    ['the nearest enabled region', 'island', ['closed', 'frankfurt'], 'frankfurt'],
    ['none when every allowed region is disabled', 'virginia', ['closed'], undefined],
    ['none when no region is allowed', 'virginia', [], undefined],
  ] as const)('is %s', (_, naturalRegion, allowed, home) => {
    expect(allowedHome(naturalRegion, allowed === 'all' ? allowed : new Set(allowed), policy)).toBe(home);
  });
});
