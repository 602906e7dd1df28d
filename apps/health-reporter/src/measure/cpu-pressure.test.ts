import { describe, expect, test } from '@jest/globals';
import { parsePressureMs } from './cpu-pressure.ts';

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
});
