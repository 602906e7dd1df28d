import { describe, expect, test } from '@jest/globals';
import { seededRandom } from './seeded-random.ts';

const drawsOf = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));

describe('seededRandom', () => {
  test('draws the same for the same seed, and something else for another', () => {
    expect(drawsOf(1)).toEqual(drawsOf(1));
    expect(drawsOf(1)).not.toEqual(drawsOf(2));
  });

  test('spreads the first draws of seeds that are near each other', () => {
    const firsts = Array.from({ length: 100 }, (_, seed) => seededRandom(seed)());
    const tenths = new Set(firsts.map((draw) => Math.floor(10 * draw)));
    expect([...tenths].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
