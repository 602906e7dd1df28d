import { describe, expect, test } from '@jest/globals';
import { parsePressureMs } from './parse-pressure.ts';
import { pressurePercent } from './pressure-percent.ts';

const psi =
  'some avg10=8.64 avg60=9.73 avg300=13.63 total=8330139269\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=12\n';

describe('CPU pressure', () => {
  test.each([
    ['of a machine', psi, 8_330_139.269],
    ['of an old kernel, which has no "full"', 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n', 0],
    ['of "full" alone', 'full avg10=0.00 avg60=0.00 avg300=0.00 total=12\n', undefined],
    ['that is switched off', '', undefined],
  ])('the text %s', (_what, text, expected) => {
    expect(parsePressureMs(text)).toBe(expected);
  });

  test.each([
    ['nobody waited', 0, 5_000, 0],
    ['somebody waited for half a second in five', 500, 5_000, 10],
    ['a stall that began before ends', 6_000, 5_000, 100],
    ['no time has passed', 0, 0, undefined],
    ['the counter began anew', -1, 5_000, undefined],
  ])('%s', (_what, stalledMs, elapsedMs, expected) => {
    const before = { stalledMs: 70_000, monotonicMs: 1_000 };
    const after = { stalledMs: 70_000 + stalledMs, monotonicMs: 1_000 + elapsedMs };
    expect(pressurePercent(before, after)).toBe(expected);
  });
});
