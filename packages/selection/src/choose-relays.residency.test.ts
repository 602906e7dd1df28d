import { describe, expect, test } from '@jest/globals';
import { policyWith } from './fleet.fixture.ts';
import { createPlacer } from './place-caller.ts';
import { decide, noRelay, type RelayQuestion } from './relay-question.fixture.ts';

describe('a caller that must stay in Frankfurt or on the island', () => {
  const read = policyWith({ residency: [{ countries: ['DE'], stayIn: ['frankfurt', 'island'] }] });
  const german = { country: 'DE', policy: read };
  const everywhere = { virginia: [0], oregon: [0], frankfurt: [0.1], island: [0] };

  test.each<[string, Omit<RelayQuestion, 'country' | 'policy'>, object]>([
    [
      'has its home in an allowed region',
      { fleet: everywhere, home: 'frankfurt' },
      { region: 'frankfurt', reason: 'home' },
    ],
    [
      'has its home in the nearest allowed region',
      { fleet: everywhere, home: 'virginia' },
      { region: 'island', reason: 'home' },
    ],
    [
      'does not spill to other regions',
      {
        fleet: { ...everywhere, frankfurt: [0.9] },
        home: 'frankfurt',
        shares: { virginia: 0.5, oregon: 0.5 },
        point: 0,
      },
      { region: 'frankfurt', reason: 'home' },
    ],
    ['gets no other region in an outage', { fleet: { virginia: [0], oregon: [0] }, home: 'frankfurt' }, noRelay],
    [
      'gets no other region when they are full',
      { fleet: { ...everywhere, frankfurt: [2] }, home: 'frankfurt' },
      { region: 'frankfurt', reason: 'overload', overloaded: true },
    ],
    [
      'may not require another region',
      { fleet: everywhere, home: 'frankfurt', wishes: { requireRegion: 'virginia' } },
      { ok: false, code: 'region_forbidden' },
    ],
    [
      'may not require another region without a node',
      { fleet: {}, home: 'frankfurt', wishes: { requireRegion: 'virginia' } },
      { ok: false, code: 'region_forbidden' },
    ],
    [
      'may require an allowed region',
      { fleet: everywhere, home: 'frankfurt', wishes: { requireRegion: 'island' } },
      { region: 'island', reason: 'required' },
    ],
    [
      'gets no preferred region that is not allowed',
      { fleet: everywhere, home: 'frankfurt', wishes: { preferRegion: 'virginia' } },
      { region: 'frankfurt', reason: 'home' },
    ],
    [
      'may prefer an allowed region',
      { fleet: everywhere, home: 'frankfurt', wishes: { preferRegion: 'island' } },
      { region: 'island', reason: 'preferred' },
    ],
  ])('%s', (_, question, decision) => {
    expect(decide({ ...question, ...german })).toMatchObject(decision);
  });

  test('is refused when no allowed region is enabled', () => {
    const rules = [
      { countries: ['DE'], stayIn: ['frankfurt'] },
      { countries: ['DE'], stayIn: ['virginia'] },
    ];
    expect(decide({ fleet: everywhere, country: 'DE', policy: policyWith({ residency: rules }) })).toEqual(noRelay);
  });

  test('gets any region if no rule matches its country', () => {
    expect(decide({ fleet: { virginia: [0] }, home: 'frankfurt', country: 'FR', policy: read })).toMatchObject({
      region: 'virginia',
      reason: 'outage',
    });
  });
});

test('a rule for the natural region also applies after the caller was moved to another home', () => {
  const read = policyWith({ residency: [{ regions: ['island'], stayIn: ['virginia'] }] });
  const { home, natural, rung } = createPlacer(read)({ location: { latitude: 64, longitude: -22 } });
  expect([home, natural, rung]).toEqual(['virginia', 'island', 'residency']);
  const moved = { home: natural, policy: read };
  expect(decide({ ...moved, fleet: { virginia: [0.5], oregon: [0] } })).toMatchObject({ region: 'virginia' });
  expect(decide({ ...moved, fleet: { oregon: [0] } })).toEqual(noRelay);
});
