import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { replacementDelayMs } from './replacement-delay.ts';

test.each([
  { failedStarts: 0, shortestMs: 100, longestMs: 200 },
  { failedStarts: 1, shortestMs: 200, longestMs: 400 },
  { failedStarts: 7, shortestMs: 12_800, longestMs: 25_600 },
  { failedStarts: 8, shortestMs: 15_000, longestMs: 30_000 },
  { failedStarts: 5_000, shortestMs: 15_000, longestMs: 30_000 },
])(
  'after $failedStarts failed starts a worker is replaced within $shortestMs to $longestMs ms',
  ({ failedStarts, shortestMs, longestMs }) => {
    expect(replacementDelayMs(failedStarts, () => 0)).toBe(shortestMs);
    expect(replacementDelayMs(failedStarts, () => 1)).toBe(longestMs);
  },
);

test('spreads the replacements of workers that end together', () => {
  fc.assert(
    fc.property(
      fc.nat(20),
      fc.uniqueArray(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 2, maxLength: 2 }),
      (failedStarts, [one = 0, other = 1]) => {
        fc.pre(Math.abs(one - other) > 1e-6);
        expect(replacementDelayMs(failedStarts, () => one)).not.toBe(replacementDelayMs(failedStarts, () => other));
      },
    ),
  );
});
