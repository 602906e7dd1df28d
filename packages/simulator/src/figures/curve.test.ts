import { describe, expect, test } from '@jest/globals';
import { createCurve, curvePoints } from './curve.ts';

describe('curvePoints', () => {
  test.each([
    ['as many stretches as fit', 900, 5, 180],
    ['never more than 600', 90_000, 5, 600],
    ['at least one', 3, 5, 1],
  ])('%s', (_, durationSeconds, leastSeconds, points) => {
    expect(curvePoints(durationSeconds, leastSeconds)).toBe(points);
  });
});

describe('a curve', () => {
  test('is Σ numerators ÷ Σ denominators of each stretch, and repeats the last value without data', () => {
    const curve = createCurve(40, 4);
    curve.add(0, 1, 2);
    curve.add(9.9, 3, 2);
    curve.add(10, 5, 10);
    curve.add(40, 7, 1);
    expect(curve.values()).toEqual([1, 0.5, 0.5, 7]);
  });

  test('is 0 without data', () => {
    const curve = createCurve(40, 4);
    curve.add(20, 1, 2);
    expect(curve.values()).toEqual([0, 0, 0.5, 0.5]);
  });
});
