import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseSpillTarget, spillShare } from './spill.ts';

describe('spillShare', () => {
  test.each([
    ['idle', 0, 0],
    ['just below start', 0.7499, 0],
    ['at start', 0.75, 0],
    ['at the region’s target', 0.8, 0.25],
    ['half way', 0.85, 0.5],
    ['at full', 0.95, 1],
    ['overloaded', 1.7, 1],
  ])('%s', (_, load, share) => {
    expect(spillShare(load, { start: 0.75, full: 0.95 })).toBeCloseTo(share, 10);
  });
});

describe('chooseSpillTarget', () => {
  const targets = [
    { region: 'us-east-1', maxShare: 0.3 },
    { region: 'us-west-2', maxShare: 1 },
  ];

  test.each([
    ['the first target below its cap', 0.5, 0.29, 'us-east-1'],
    ['the second from the first’s cap on', 0.5, 0.3, 'us-west-2'],
    ['home from the share on', 0.5, 0.5, undefined],
    ['home when nothing spills', 0, 0, undefined],
  ])('%s', (_, share, point, region) => {
    expect(chooseSpillTarget(share, targets, point)).toBe(region);
  });

  test('gives away exactly the share when the caps allow it, and never more than a cap', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (share, cap) => {
          const capped = [
            { region: 'a', maxShare: cap },
            { region: 'b', maxShare: 1 },
          ];
          const points = Array.from({ length: 1000 }, (_, index) => index / 1000);
          const given = points.map((point) => chooseSpillTarget(share, capped, point));
          const partOf = (region: string) => given.filter((target) => target === region).length / points.length;
          expect(Math.abs(partOf('a') + partOf('b') - share)).toBeLessThanOrEqual(0.0021);
          expect(partOf('a')).toBeLessThanOrEqual(cap + 0.0011);
        },
      ),
    );
  });
});
