import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { slewedShares, spillShare, sustainableShare } from './spill-share.ts';

describe('the spill share for a region’s load', () => {
  test.each([
    ['idle', 0, 0],
    ['just below start', 0.7499, 0],
    ['at start', 0.75, 0],
    ['just above start', 0.7501, 0.0005],
    ['at the region’s target', 0.8, 0.25],
    ['half way', 0.85, 0.5],
    ['just below full', 0.9499, 0.9995],
    ['at full', 0.95, 1],
    ['overloaded', 1.7, 1],
  ])('%s', (_, load, share) => {
    expect(spillShare(load, { start: 0.75, full: 0.95 })).toBeCloseTo(share, 10);
  });
});

describe('the share that a target can take permanently', () => {
  test.each([
    ['the headroom below the threshold', 0, { load: 0.5, capacityMbps: 1000 }, 0.25],
    ['0 at the threshold', 0, { load: 0.75, capacityMbps: 1000 }, 0],
    ['0 above the threshold', 0, { load: 0.9, capacityMbps: 1000 }, 0],
    ['the work that it already carries, at the threshold', 300, { load: 0.75, capacityMbps: 1000 }, 0.3],
    ['less than this work, above the threshold', 300, { load: 0.85, capacityMbps: 1000 }, 0.2],
    ['0, far above the threshold', 300, { load: 1.1, capacityMbps: 1000 }, 0],
    ['more than this work, below the threshold', 300, { load: 0.65, capacityMbps: 1000 }, 0.4],
    ['at most 1', 0, { load: 0, capacityMbps: 10_000 }, 1],
  ])('is %s', (_, carriedMbps, target, share) => {
    expect(sustainableShare(carriedMbps, 1000, target, 0.75)).toBeCloseTo(share, 10);
  });

  test('is 0 for a region without demand', () => {
    expect(sustainableShare(0, 0, { load: 0, capacityMbps: 1000 }, 0.75)).toBe(0);
  });
});

describe('shares that move', () => {
  test.each([
    ['up by 10 points in 5 s', [0.2], [0.9], 5000, [0.3]],
    ['down by 10 points in 5 s', [0.9], [0.2], 5000, [0.8]],
    ['by a point in half a second', [0.2], [0.9], 500, [0.21]],
    ['not above the wanted share', [0.2], [0.25], 5000, [0.25]],
    ['not below the wanted share', [0.2], [0.15], 5000, [0.15]],
    ['exactly to the wanted share', [0.2], [0.3], 5000, [0.3]],
    ['not at all after 0 ms', [0.2, 0.5], [0.9, 0], 0, [0.2, 0.5]],
    ['each at its own pace', [0.2, 0.5, 0.1], [0.9, 0, 0.1], 5000, [0.3, 0.4, 0.1]],
    ['up only as far as other shares shrink', [0.9, 0.1, 0], [0, 0.5, 0.5], 5000, [0.8, 0.2, 0]],
    ['up when a later share in the list shrinks', [0, 0.1, 0.9], [0.5, 0.5, 0], 5000, [0.1, 0.1, 0.8]],
    ['to an empty list without targets', [], [], 5000, []],
  ])('go %s', (_, shares, wanted, elapsedMs, after) => {
    expect(slewedShares(shares, wanted, elapsedMs)).toEqual(after.map((share): unknown => expect.closeTo(share, 10)));
  });

  test('sum to at most 1 and move by at most one step', () => {
    const parts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }).map((weights) =>
      weights.map(
        (weight) =>
          weight /
          Math.max(
            1,
            weights.reduce((sum, other) => sum + other, 0),
          ),
      ),
    );
    fc.assert(
      fc.property(parts, parts, fc.double({ min: 0, max: 60_000, noNaN: true }), (shares, wanted, elapsedMs) => {
        const after = slewedShares(shares, wanted, elapsedMs);
        expect(after.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
        const step = elapsedMs * 0.000_02 + 1e-9;
        expect(after.filter((share, index) => Math.abs(share - (shares[index] ?? 0)) > step)).toEqual([]);
        // Each share moves towards its wanted value or does not move.
        const isPast = (share: number, index: number) =>
          (share - (wanted[index] ?? 0)) * ((shares[index] ?? 0) - (wanted[index] ?? 0)) < -1e-12;
        expect(after.filter(isPast)).toEqual([]);
      }),
    );
  });
});
