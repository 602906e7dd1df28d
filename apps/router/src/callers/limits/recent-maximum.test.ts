import { expect, test } from '@jest/globals';
import { createRecentMaximum } from './recent-maximum.ts';

test('returns the largest number of the last 10 s, or 1 if there is none', () => {
  const most = createRecentMaximum(10_000);
  expect(most.value()).toBe(1);
  const seen = [
    [0, 3],
    [1_000, 1],
    [2_000, 2],
    [9_999, 1],
    [10_000, 1],
    [12_000, 1],
    [12_500, 0],
    [13_000, 5],
  ].map(([atMs = 0, value = 0]) => {
    most.take(value, atMs);
    return most.value();
  });
  expect(seen).toEqual([3, 3, 3, 3, 2, 1, 1, 5]);
});
