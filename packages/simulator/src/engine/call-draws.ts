import { randomExponential, randomLogNormal } from 'd3-random';
import type { Calls } from '../scenario/calls.ts';
import type { RandomStreams } from './random-streams.ts';

/** Picks lengths and bandwidths of calls at random. */
export type CallDraws = {
  readonly lengthSeconds: () => number;
  /** Remaining length of a call that is running at a random moment. At such a moment, long calls are more frequent (Feller II, VI.7). */
  readonly leftSeconds: () => number;
  readonly bandwidthMbps: () => number;
};

export function createCallDraws({ length, bandwidth }: Calls, streams: RandomStreams): CallDraws {
  const bandwidthMbps =
    bandwidth.shape === 'constant'
      ? () => bandwidth.meanMbps
      : logNormal(bandwidth.meanMbps, bandwidth.sigma, streams.bandwidths);
  if (length.shape === 'exponential') {
    // The exponential distribution has no memory: the remaining length is distributed like the whole length.
    const lengthSeconds = randomExponential.source(streams.lengths)(1 / length.meanSeconds);
    return { lengthSeconds, leftSeconds: lengthSeconds, bandwidthMbps };
  }
  // A running call is picked with a probability in proportion to its whole length. For a lognormal distribution, the result is a lognormal
  // distribution with a log-mean that is σ² higher.
  const lengthBiasedSeconds = logNormal(
    length.meanSeconds * Math.exp(length.sigma ** 2),
    length.sigma,
    streams.lengths,
  );
  return {
    lengthSeconds: logNormal(length.meanSeconds, length.sigma, streams.lengths),
    leftSeconds: () => streams.lengths() * lengthBiasedSeconds(),
    bandwidthMbps,
  };
}

function logNormal(mean: number, sigma: number, random: () => number): () => number {
  return randomLogNormal.source(random)(Math.log(mean) - sigma ** 2 / 2, sigma);
}
