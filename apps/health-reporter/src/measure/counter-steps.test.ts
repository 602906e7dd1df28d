import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createStepCheck } from './counter-steps.ts';

/** Returns for each reading after the first whether its growth is known: `+` or `-`. */
function stepsOf(...readings: readonly (number | Readonly<Record<string, number>>)[]): string {
  const isKnown = createStepCheck();
  const asMap = (reading: (typeof readings)[number]) =>
    new Map(Object.entries(typeof reading === 'number' ? { only: reading } : reading));
  return readings
    .map((reading) => (isKnown(asMap(reading)) ? '+' : '-'))
    .join('')
    .slice(1);
}

describe('the growth of a counter', () => {
  test.each<[what: string, readings: number[], steps: string]>([
    ['is known while it grows or stands still', [5, 5, 6, 1_000_000], '+++'],
    ['is unknown when it goes back and returns', [500e9, 0, 500e9, 500e9 + 5], '--+'],
    ['is unknown when it goes back a little and returns', [500e9, 500e9 - 1, 500e9 + 1, 500e9 + 2], '--+'],
    ['is unknown when it returns to a little less', [500e9, 0, 499e9, 500e9, 501e9], '--++'],
    ['is unknown when it returns after several readings', [500e9, 0, 1_000, 2_000, 500e9, 501e9], '-++-+'],
    ['is unknown once after a restart', [500e9, 0, 1_000, 2_000, 3_000], '-+++'],
    ['is unknown once when it grows past its old value', [1_000, 0, 400, 800, 1_200, 1_600], '-+-++'],
    ['is unknown each time that it goes back', [9, 8, 7, 6], '---'],
  ])('%s', (_what, readings, steps) => {
    expect(stepsOf(...readings)).toBe(steps);
  });

  test('is unknown if one of several counters goes back, even if their sum grows', () => {
    expect(stepsOf({ a: 500, b: 0 }, { a: 499, b: 100 }, { a: 501, b: 200 }, { a: 502, b: 300 })).toBe('--+');
  });

  test('is unknown when a counter appears or disappears', () => {
    expect(stepsOf({ a: 1 }, { a: 2, b: 1 }, { a: 3, b: 2 }, { b: 3 }, { a: 4 }, { a: 5 })).toBe('-+--+');
  });

  test('is never larger in total than what was counted, whatever goes back and returns at the next reading', () => {
    const growth = fc.integer({ min: 0, max: 1_000 });
    const lostShare = fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 1e-9, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(growth, growth, lostShare)), (steps) => {
        const isKnown = createStepCheck();
        let real = 500e9;
        let before = real;
        let known = 0;
        const read = (value: number) => {
          if (isKnown(new Map([['only', value]]))) known += value - before;
          before = value;
        };
        read(real);
        for (const [first, second, lost] of steps) {
          read((real + first) * (1 - lost));
          read((real += first + second));
        }
        expect(known).toBeLessThanOrEqual(real - 500e9);
      }),
    );
  });
});
