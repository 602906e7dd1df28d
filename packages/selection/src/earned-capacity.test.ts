import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canCome, countedCapacityMbps, drawShareOf, provenAfter, usualCapacityMbps } from './earned-capacity.ts';

describe('the capacity that needs no proof', () => {
  test.each<[string, number[], number]>([
    ['of no node is unbounded', [], Number.POSITIVE_INFINITY],
    ['of a single node is unbounded', [1e9], Number.POSITIVE_INFINITY],
    ['of two nodes is the smaller claim', [1e9, 2000], 2000],
    ['of two nodes is at least the default of the policy', [1e9, 0.001], 1000],
    ['of three nodes is the middle claim', [1e9, 500, 600], 600],
    ['of four nodes is the upper middle claim', [1e9, 600, 500, 0.001], 600],
    ['of eleven nodes ignores one large claim', [1e9, ...Array<number>(10).fill(700)], 700],
    [
      'of eleven nodes ignores five small claims',
      [...Array<number>(5).fill(0.001), ...Array<number>(6).fill(700)],
      700,
    ],
  ])('%s', (_, claims, expected) => {
    expect(usualCapacityMbps(claims, 1000)).toBe(expected);
  });

  test('never falls below the smallest claim, and a minority never raises it above the claims of the others', () => {
    const claim = fc.double({ min: 0.001, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(claim, { minLength: 3, maxLength: 30 }),
        fc.array(claim, { maxLength: 30 }),
        (honest, liars) => {
          fc.pre(liars.length < honest.length);
          const usual = usualCapacityMbps([...honest, ...liars], 1000);
          expect(usual).toBeGreaterThanOrEqual(Math.min(...honest, ...liars));
          expect(usual).toBeLessThanOrEqual(Math.max(...honest));
        },
      ),
    );
  });
});

test.each([
  [500, 1000, 0, 500],
  [1000, 1000, 0, 1000],
  [5000, 1000, 0, 1000],
  [5000, 1000, 3000, 3000],
  [5000, 1000, 9000, 5000],
])(
  'a claim of %d Mbit/s counts up to %d without proof and up to %d with proof: %d',
  (claimed, unproven, proven, counted) => {
    expect(countedCapacityMbps(claimed, unproven, proven)).toBe(counted);
  },
);

describe('the proven capacity', () => {
  const proof = {
    claimedMbps: 10_000,
    provenMbps: 0,
    unprovenMbps: 1000,
    carriedMbps: 0,
    otherUse: 0,
    elapsedMs: 5000,
  };
  const step = 2 ** (5 / 60);

  test.each<[string, Partial<typeof proof>, number]>([
    ['is 0 without carried work', {}, 0],
    ['is four times the carried work', { carriedMbps: 100 }, 400],
    ['is less if the CPU is busier than that', { carriedMbps: 100, otherUse: 0.5 }, 200],
    ['is the carried work if another resource is used up', { carriedMbps: 100, otherUse: 1 }, 100],
    ['grows by a twelfth of a doubling in 5 s', { carriedMbps: 9000 }, 1000 * step],
    ['grows from what is proven', { carriedMbps: 9000, provenMbps: 4000 }, 4000 * step],
    ['grows no faster after a long silence', { carriedMbps: 9000, elapsedMs: 1e9 }, 1000 * 2 ** 0.25],
    ['does not fall when the work falls', { provenMbps: 4000 }, 4000],
    ['falls with the claim', { provenMbps: 4000, claimedMbps: 300 }, 300],
    ['is at most the claim', { carriedMbps: 9000, unprovenMbps: Number.POSITIVE_INFINITY }, 10_000],
  ])('%s', (_, changes, expected) => {
    expect(provenAfter({ ...proof, ...changes })).toBeCloseTo(expected, 9);
  });
});

test.each([
  [1500, true],
  [1520, true],
  [1521, false],
])('a report of %d Mbit/s at a usual one of 1000: can come from the credentials = %s', (reportedMbps, can) => {
  expect(canCome(reportedMbps, 1000, 100)).toBe(can);
});

describe('the part of the capacity that counts when nodes are picked', () => {
  test.each<[string, number, number, number, number, number]>([
    ['is 1 before any work was brought', 0, 0, 1, 0, 1],
    ['is 1 if the work arrives', 1000, 1000, 1, 0, 1],
    ['is 1 if a tenth is missing', 900, 1000, 1, 0, 1],
    ['is 1 if as much is missing everywhere', 450, 1000, 0.5, 0, 1],
    ['is 1 if the missing part is chance', 20, 100, 1, 1600, 1],
    ['is three quarters if a third is missing', 660, 1000, 1, 0, 0.75],
    ['is half if more than half is missing', 440, 1000, 1, 0, 0.5],
    ['is a quarter if nothing arrives', 0, 1000, 1, 0, 0.25],
    ['is 1 if nobody reports any work', 0, 1000, 0, 0, 1],
  ])('%s', (_, reportedMbps, broughtMbps, usualPart, varianceMbps2, share) => {
    expect(drawShareOf({ reportedMbps, broughtMbps, usualPart, varianceMbps2 })).toBe(share);
  });
});
