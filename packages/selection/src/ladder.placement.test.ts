import { describe, expect, test } from '@jest/globals';
import { policySchema } from '@turn-router/contract/policy';
import fc from 'fast-check';
import { createPlacer } from './place-caller.ts';
import type { LocatedCaller } from './placement.ts';
import { targetsOf } from './residency.ts';

const regions = {
  'us-east-1': { location: [38.95, -77.45] },
  'us-west-2': { location: [45.84, -119.7] },
  'eu-central-1': { location: [50.11, 8.68] },
  'ap-southeast-1': { location: [1.35, 103.82] },
};

const policy = policySchema.parse({
  defaultRegion: 'us-east-1',
  regions,
  placement: {
    prefixes: {
      '81.2.0.0/16': 'us-east-1',
      '81.2.69.0/24': 'ap-southeast-1',
      '2001:db8::/32': 'us-west-2',
    },
    subdivisions: { 'CA-BC': 'us-west-2' },
    countries: { CA: 'us-east-1', IS: 'us-east-1' },
    continents: { EU: 'eu-central-1' },
  },
});
const london = { latitude: 51.5, longitude: -0.12 };
const sydney = { latitude: -33.87, longitude: 151.21 };

/** The placement after a residency rule moved the caller to Frankfurt. */
const movedFrom = (natural: string) => ({ home: 'eu-central-1', natural, rung: 'residency' });

describe('placing a caller', () => {
  test.each<[string, LocatedCaller, string, string]>([
    ['the longest prefix', { address: '81.2.69.142', country: 'GB' }, 'ap-southeast-1', 'prefix'],
    ['a shorter prefix', { address: '81.2.70.1', country: 'GB' }, 'us-east-1', 'prefix'],
    ['an IPv6 prefix', { address: '2001:db8::7' }, 'us-west-2', 'prefix'],
    ['a prefix for an IPv4-mapped address', { address: '::ffff:81.2.69.1' }, 'ap-southeast-1', 'prefix'],
    ['the subdivision before its country', { subdivision: 'CA-BC', country: 'CA' }, 'us-west-2', 'subdivision'],
    [
      'the country if the policy does not list the subdivision',
      { subdivision: 'CA-QC', country: 'CA' },
      'us-east-1',
      'country',
    ],
    ['the country before its continent', { country: 'IS', continent: 'EU' }, 'us-east-1', 'country'],
    ['the continent before the distance', { continent: 'EU', location: sydney }, 'eu-central-1', 'continent'],
    ['the nearest region', { country: 'AU', continent: 'OC', location: sydney }, 'ap-southeast-1', 'nearest'],
    [
      'the nearest for an address outside all prefixes',
      { address: '9.9.9.9', location: london },
      'eu-central-1',
      'nearest',
    ],
    ['the default without any facts', {}, 'us-east-1', 'default'],
    ['the default for an invalid address', { address: 'fish' }, 'us-east-1', 'default'],
    [
      'the default for a country that is named like a property of Object',
      { country: 'constructor' },
      'us-east-1',
      'default',
    ],
  ])('takes %s', (_, caller, region, rung) => {
    expect(createPlacer(policy)(caller)).toEqual({ home: region, natural: region, allowed: 'all', rung });
  });

  test('skips a disabled region on every rung', () => {
    const withoutEurope = policySchema.parse({
      ...policy,
      regions: { ...regions, 'eu-central-1': { ...regions['eu-central-1'], enabled: false } },
    });
    const place = createPlacer(withoutEurope);
    expect(place({ continent: 'EU', location: london })).toMatchObject({ home: 'us-east-1', rung: 'nearest' });
    expect(place({ continent: 'EU' })).toMatchObject({ home: 'us-east-1', rung: 'default' });
  });

  describe('with residency', () => {
    const place = createPlacer(
      policySchema.parse({
        ...policy,
        residency: [
          { countries: ['IS', 'NO', 'GB'], stayIn: ['eu-central-1'] },
          { countries: ['CA'], stayIn: ['us-west-2', 'us-east-1'] },
          { countries: ['GB'], stayIn: ['us-east-1'] },
          { regions: ['ap-southeast-1'], stayIn: ['us-east-1', 'eu-central-1'] },
        ],
      }),
    );

    test.each<[string, LocatedCaller, object]>([
      ['moves a caller out of a forbidden region', { country: 'IS' }, movedFrom('us-east-1')],
      ['moves a caller that was placed by a prefix', { address: '81.2.70.1', country: 'IS' }, movedFrom('us-east-1')],
      ['moves a caller that was placed by default', { country: 'NO' }, movedFrom('us-east-1')],
      [
        'moves a caller out of a region with a rule, to the nearest allowed region',
        { location: sydney },
        movedFrom('ap-southeast-1'),
      ],
      [
        'keeps a caller in an allowed region',
        { subdivision: 'CA-BC', country: 'CA' },
        { home: 'us-west-2', natural: 'us-west-2', rung: 'subdivision' },
      ],
      [
        'keeps a caller without a rule',
        { continent: 'EU', country: 'DE' },
        { home: 'eu-central-1', natural: 'eu-central-1', rung: 'continent' },
      ],
      [
        'moves a caller whose token lacks the region, to the nearest region of the token',
        { country: 'DE', continent: 'EU', regions: new Set(['us-west-2', 'us-east-1']) },
        { home: 'us-east-1', natural: 'eu-central-1', rung: 'token' },
      ],
      [
        'keeps a caller whose token has the region',
        { country: 'DE', continent: 'EU', regions: new Set(['eu-central-1']) },
        { home: 'eu-central-1', natural: 'eu-central-1', rung: 'continent' },
      ],
      [
        'keeps the home of a caller without an allowed region',
        { country: 'GB', continent: 'EU' },
        { home: 'eu-central-1', natural: 'eu-central-1', rung: 'continent' },
      ],
    ])('%s', (_, caller, placement) => {
      expect(place(caller)).toMatchObject(placement);
    });
  });

  test('always returns a region of the policy', () => {
    const anyCaller = fc.record(
      {
        address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()),
        country: fc.oneof(fc.constantFrom('CA', 'IS', '__proto__'), fc.string()),
        location: fc.record({
          latitude: fc.double({ min: -90, max: 90 }),
          longitude: fc.double({ min: -180, max: 180 }),
        }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyCaller, (caller) => {
        expect(Object.keys(regions)).toContain(createPlacer(policy)(caller).home);
      }),
    );
  });
});

describe('the fallbacks of a placement', () => {
  const withSpillover = policySchema.parse({
    ...policy,
    regions: {
      ...regions,
      'us-east-1': { ...regions['us-east-1'], spillover: ['us-west-2', 'eu-central-1', 'ap-southeast-1'] },
      'us-west-2': { ...regions['us-west-2'], enabled: false },
    },
    residency: [{ countries: ['NO'], stayIn: ['us-east-1', 'ap-southeast-1'] }],
  });

  test.each<[string, LocatedCaller, string[]]>([
    ['the enabled targets, in order', {}, ['eu-central-1', 'ap-southeast-1']],
    ['only targets that residency allows', { country: 'NO' }, ['ap-southeast-1']],
    ['only targets of the token', { regions: new Set(['us-east-1', 'eu-central-1']) }, ['eu-central-1']],
    ['none for a home without targets', { continent: 'EU' }, []],
  ])('are %s', (_, caller, fallbacks) => {
    expect(targetsOf(createPlacer(withSpillover)(caller), withSpillover)).toEqual(fallbacks);
  });
});
