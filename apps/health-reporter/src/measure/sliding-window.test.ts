import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSlidingWindow } from './sliding-window.ts';

function baselines(timesMs: readonly number[], windowMs = 5_000) {
  const window = createSlidingWindow<{ monotonicMs: number }>(windowMs);
  return timesMs.map((monotonicMs) => window.baselineOf({ monotonicMs })?.monotonicMs);
}

test.each([
  ['nothing to compare with at first, then the oldest sample', [0, 1_000, 4_999], [undefined, 0, 0]],
  ['a sample exactly one window old', [0, 5_000, 10_000], [undefined, 0, 5_000]],
  ['the newest sample at least one window old', [0, 1_000, 2_000, 6_900, 7_100], [undefined, 0, 0, 1_000, 2_000]],
  ['samples further apart than the window', [0, 60_000, 120_000], [undefined, 0, 60_000]],
])('%s', (_what, times, expected) => {
  expect(baselines(times)).toEqual(expected);
});

test('never returns a sample older than one step beyond the window', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 40 }), (steps) => {
      const times = steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? 0) + step], []);
      for (const [index, baseline] of baselines(times).entries()) {
        const age = (times[index] ?? 0) - (baseline ?? times[index] ?? 0);
        expect(age).toBeLessThan(5_000 + Math.max(0, ...steps));
        expect(age >= 5_000 || baseline === undefined || baseline === times[0]).toBe(true);
      }
    }),
  );
});
