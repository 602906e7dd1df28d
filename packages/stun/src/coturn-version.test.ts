import { describe, expect, test } from '@jest/globals';
import { coturnVersionFrom, isOlderCoturn } from './coturn-version.ts';

describe("coturn's version", () => {
  test.each([
    ["Coturn-4.6.1 'Gorst'", [4, 6, 1]],
    ['coturn-10.20.30', [10, 20, 30]],
    ['Coturn-4', undefined],
    ['NotCoturn-4.6.1', undefined],
    ['eturnal', undefined],
  ])('of %j is %j', (software, version) => {
    expect(coturnVersionFrom(software)).toEqual(version);
  });

  test.each([
    [[4, 6, 0], [4, 6, 1], true],
    [[4, 6, 1], [4, 6, 1], false],
    [[4, 6, 2], [4, 6, 1], false],
    [[4, 9, 0], [4, 10, 0], true],
    [[4, 17, 1], [4, 7, 0], false],
    [[5, 0, 0], [4, 17, 1], false],
  ] as const)('%j before %j: %s', (version, other, expected) => {
    expect(isOlderCoturn(version, other)).toBe(expected);
  });
});
