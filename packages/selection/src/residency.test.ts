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

describe('where a caller may be relayed', () => {
  test.each([
    ['everywhere when no rule fits', 'frankfurt', 'US', 'all'],
    ['everywhere when no rule fits and the country is unknown', 'frankfurt', undefined, 'all'],
    ['where the rule of the country says', 'virginia', 'DE', ['frankfurt', 'island']],
    ['where all rules of the country agree', 'virginia', 'FR', ['frankfurt']],
    ['where the rule of the region says', 'oregon', 'US', ['oregon', 'virginia']],
    ['where the rule of the region says, of an unknown country', 'oregon', undefined, ['oregon', 'virginia']],
    ['nowhere when the rules of country and region have nothing in common', 'oregon', 'DE', []],
  ])('is %s', (_, homeRegion, country, expected) => {
    const allowed = allowedRegions({ homeRegion, country }, policy);
    expect(allowed === 'all' ? allowed : [...allowed]).toEqual(expected);
  });

  test.each([
    ['where its token says when no rule fits', 'US', ['virginia', 'oregon'], ['virginia', 'oregon']],
    ['where its token and the rules agree', 'DE', ['virginia', 'island'], ['island']],
    ['nowhere when they have nothing in common', 'DE', ['virginia'], []],
  ])('is %s', (_, country, regions, expected) => {
    const allowed = allowedRegions({ homeRegion: 'virginia', country, regions: new Set(regions) }, policy);
    expect(allowed).toEqual(new Set(expected));
  });

  test('is asked region by region', () => {
    expect(isAllowedRegion('virginia', 'all')).toBe(true);
    expect(isAllowedRegion('virginia', new Set(['virginia']))).toBe(true);
    expect(isAllowedRegion('virginia', new Set(['oregon']))).toBe(false);
    expect(isAllowedRegion('virginia', new Set())).toBe(false);
  });
});

describe('the home of a caller', () => {
  test.each([
    ['its own where all are allowed', 'virginia', 'all', 'virginia'],
    ['its own where that is allowed', 'virginia', ['island', 'virginia'], 'virginia'],
    ['else the nearest that is', 'virginia', ['frankfurt', 'island'], 'island'],
    ['the nearest by distance, not by order', 'oregon', ['frankfurt', 'virginia'], 'virginia'],
    ['the nearest that is on', 'island', ['closed', 'frankfurt'], 'frankfurt'],
    ['none when all that is allowed is off', 'virginia', ['closed'], undefined],
    ['none when nothing is allowed', 'virginia', [], undefined],
  ] as const)('is %s', (_, homeRegion, allowed, home) => {
    expect(allowedHome(homeRegion, allowed === 'all' ? allowed : new Set(allowed), policy)).toBe(home);
  });
});
