import { describe, expect, test } from '@jest/globals';
import type { Calls } from '../scenario/calls.ts';
import { createCallDraws } from './call-draws.ts';
import { createRandomStreams } from './random-streams.ts';

const draws = 200_000;
const meanOf = (draw: () => number) => {
  let sum = 0;
  for (let left = draws; left > 0; left -= 1) sum += draw();
  return sum / draws;
};
const constant: Calls['bandwidth'] = { shape: 'constant', meanMbps: 2 };

describe('calls', () => {
  // Mean remaining length of a running call of length L: E[L²] ÷ 2E[L]. Exponential: the mean; lognormal: mean × e^(σ²) ÷ 2.
  test.each<[name: string, length: Calls['length'], leftSeconds: number]>([
    ['exponential', { shape: 'exponential', meanSeconds: 60 }, 60],
    ['lognormal, narrow', { shape: 'lognormal', meanSeconds: 60, sigma: 0.5 }, 30 * Math.exp(0.25)],
    ['lognormal', { shape: 'lognormal', meanSeconds: 60, sigma: 0.8 }, 30 * Math.exp(0.64)],
  ])(
    'of %s length have the configured mean, and the remaining length of the renewal theorem',
    (_, length, leftSeconds) => {
      const calls = createCallDraws({ length, bandwidth: constant, yield: 1 }, createRandomStreams(1));
      expect(meanOf(calls.lengthSeconds) / 60).toBeCloseTo(1, 1.5);
      expect(meanOf(calls.leftSeconds) / leftSeconds).toBeCloseTo(1, 1.5);
      expect(calls.bandwidthMbps()).toBe(2);
    },
  );

  test('of lognormal bandwidth have the configured mean', () => {
    const calls = createCallDraws(
      {
        length: { shape: 'exponential', meanSeconds: 60 },
        bandwidth: { shape: 'lognormal', meanMbps: 2, sigma: 0.7 },
        yield: 1,
      },
      createRandomStreams(1),
    );
    expect(meanOf(calls.bandwidthMbps) / 2).toBeCloseTo(1, 1.5);
  });
});
