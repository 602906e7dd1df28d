import { describe, expect, test } from '@jest/globals';
import { keepInService, type Suspect } from './bounded-share.ts';

const nowMs = 1_000_000;

/** A node that is due to go out of service now. */
function due(name: string, change: Partial<Suspect> = {}): Suspect {
  const region = name.split('/')[0] ?? '';
  const sinceMs = nowMs - 60_000;
  return {
    name,
    region,
    sinceMs,
    doubtedSinceMs: sinceMs,
    hasMajority: true,
    outSinceMs: undefined,
    isDue: true,
    ...change,
  };
}

const waiting = (name: string) => due(name, { isDue: false });
const doubtedFor = (name: string, ms: number) =>
  due(name, { isDue: false, hasMajority: false, doubtedSinceMs: nowMs - ms });
const outFor = (name: string, ms: number) => due(name, { outSinceMs: nowMs - ms, sinceMs: nowMs - ms - 60_000 });
const many = (region: string, count: number) => Array.from({ length: count }, (_, index) => due(`${region}/${index}`));

function kept(suspects: readonly Suspect[], sizes: Record<string, number>, maxShare = 0.15) {
  return Object.fromEntries(keepInService(suspects, new Map(Object.entries(sizes)), maxShare, nowMs));
}

describe('a node goes out of service', () => {
  test.each<[string, Suspect[], Record<string, number>]>([
    ['alone in its region', [due('a/0')], { a: 1, b: 9 }],
    ['alone in the fleet', [due('a/0')], { a: 1 }],
    ['with another, if both are few', many('a', 2), { a: 14 }],
    ['with those of other regions, if all are few', [due('a/0'), due('b/0')], { a: 7, b: 7 }],
    ['although too few probers refute another for three minutes', [due('a/0'), doubtedFor('a/1', 180_000)], { a: 8 }],
    ['although others are out for long', [outFor('a/0', 200_000), outFor('a/1', 190_000), due('a/2')], { a: 20 }],
  ])('%s', (_, suspects, sizes) => {
    expect(kept(suspects, sizes)).toEqual({});
  });
});

describe('nodes stay in service', () => {
  test.each<[string, Suspect[], Record<string, number>, Record<string, string>]>([
    [
      'if too many of a region are due at once',
      many('a', 2),
      { a: 13, b: 90 },
      { 'a/0': 'region_at_once', 'a/1': 'region_at_once' },
    ],
    [
      'if too many are suspected, even if one is due',
      [due('a/0'), waiting('a/1')],
      { a: 8 },
      { 'a/0': 'region_at_once' },
    ],
    [
      'if too few probers refute another, but not for long',
      [due('a/0'), doubtedFor('a/1', 179_999)],
      { a: 8 },
      { 'a/0': 'region_at_once' },
    ],
    [
      'if too few probers refute two others of the region, for however long',
      [due('a/0'), ...['a/1', 'a/2'].map((name) => doubtedFor(name, 500_000))],
      { a: 18 },
      { 'a/0': 'region_at_once' },
    ],
    [
      'if too few probers refute two others of the fleet, for however long',
      [due('a/0'), ...['b/0', 'c/0'].map((name) => doubtedFor(name, 500_000))],
      { a: 6, b: 6, c: 6 },
      { 'a/0': 'fleet_at_once' },
    ],
    [
      'if too many of the fleet are due at once, each alone in its region',
      [due('a/0'), due('b/0')],
      { a: 1, b: 1, c: 1, d: 1 },
      { 'a/0': 'fleet_at_once', 'b/0': 'fleet_at_once' },
    ],
    [
      'including the one that went out first',
      [outFor('a/0', 20_000), due('a/1')],
      { a: 8 },
      { 'a/0': 'region_at_once', 'a/1': 'region_at_once' },
    ],
    [
      'if as many are out for long as may be',
      [outFor('a/0', 200_000), due('a/1')],
      { a: 8 },
      { 'a/1': 'region_share' },
    ],
    [
      'those that were suspected last, if only some may go out',
      [due('a/0', { sinceMs: nowMs - 50_000 }), outFor('a/1', 300_000), due('a/2')],
      { a: 14 },
      { 'a/0': 'region_share' },
    ],
  ])('%s', (_, suspects, sizes, expected) => {
    expect(kept(suspects, sizes)).toEqual(expected);
  });

  test.each([
    [0, { 'a/0': 'region_at_once', 'a/1': 'region_at_once' }],
    [0.5, {}],
    [1, {}],
  ])('by the share %d of four', (maxShare, expected) => {
    expect(kept(many('a', 2), { a: 4 }, maxShare)).toEqual(expected);
  });
});
