import { describe, expect, test } from '@jest/globals';
import { distributionOf } from './distribution.ts';

describe('distributionOf', () => {
  test.each([
    ['no values', [], { p50: 0, p99: 0, max: 0 }],
    ['one value', [3], { p50: 3, p99: 3, max: 3 }],
    ['values in any order', [2, 10, 1], { p50: 2, p99: 9.84, max: 10 }],
    ['0 … 100', Array.from({ length: 101 }, (_, value) => 100 - value), { p50: 50, p99: 99, max: 100 }],
  ])('of %s', (_, values, expected) => {
    expect(distributionOf(values)).toEqual(expected);
  });
});
