import { randomExponential, randomLogNormal } from 'd3-random';
import type { Calls } from '../scenario/calls.ts';
import type { RandomStreams } from './random-streams.ts';

/** Draws what calls are like. */
export type CallDraws = {
  readonly lengthSeconds: () => number;
  /** What is left of a call that is met at a random moment: long calls are met more often (Feller II, VI.7). */
  readonly leftSeconds: () => number;
  readonly bandwidthMbps: () => number;
};

export function createCallDraws({ length, bandwidth }: Calls, streams: RandomStreams): CallDraws {
  const bandwidthMbps =
    bandwidth.shape === 'constant'
      ? () => bandwidth.meanMbps
      : logNormal(bandwidth.meanMbps, bandwidth.sigma, streams.bandwidths);
  if (length.shape === 'exponential') {
    // It has no memory: what is left is as long as the whole.
    const lengthSeconds = randomExponential.source(streams.lengths)(1 / length.meanSeconds);
    return { lengthSeconds, leftSeconds: lengthSeconds, bandwidthMbps };
  }
  // The length of a call that is met: drawn in proportion to length, which for a lognormal is another lognormal, its log-mean σ² higher.
  const metSeconds = logNormal(length.meanSeconds * Math.exp(length.sigma ** 2), length.sigma, streams.lengths);
  return {
    lengthSeconds: logNormal(length.meanSeconds, length.sigma, streams.lengths),
    leftSeconds: () => streams.lengths() * metSeconds(),
    bandwidthMbps,
  };
}

function logNormal(mean: number, sigma: number, random: () => number): () => number {
  return randomLogNormal.source(random)(Math.log(mean) - sigma ** 2 / 2, sigma);
}
