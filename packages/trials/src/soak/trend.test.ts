import { describe, expect, test } from '@jest/globals';
import { slopePerHour, windowMinima } from './trend.ts';

const minuteMs = 60_000;

describe('slopePerHour', () => {
  test.each([
    ['constant values', [7, 7, 7, 7], 0],
    ['values that rise by one each minute', [0, 1, 2, 3], 60],
    ['falling values', [3, 2, 1, 0], -60],
    // Least squares by hand: Σ(t−t̄)(v−v̄) = 2, Σ(t−t̄)² = 5, in minutes.
    ['uneven values', [0, 2, 0, 2], 24],
    ['one sample', [5], 0],
    ['no samples', [], 0],
  ])('fits %s', (_, values, expected) => {
    const samples = values.map((value, minute) => ({ atMs: minute * minuteMs, value }));
    expect(slopePerHour(samples)).toBeCloseTo(expected, 9);
  });

  test('is 0 for samples of a single moment', () => {
    expect(slopePerHour([1, 2].map((value) => ({ atMs: 5, value })))).toBe(0);
  });
});

test('windowMinima returns the lowest value of each window with its time', () => {
  const samples = [
    { atMs: 0, value: 5 },
    { atMs: 40, value: 3 },
    { atMs: 99, value: 4 },
    { atMs: 100, value: 9 },
    { atMs: 350, value: 1 },
  ];
  expect(windowMinima(samples, 100)).toEqual([
    { atMs: 40, value: 3 },
    { atMs: 100, value: 9 },
    { atMs: 350, value: 1 },
  ]);
});
