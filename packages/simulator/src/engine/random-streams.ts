import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform in [0, 1). */
export type Random = () => number;

/** One random stream for each purpose. So all strategies get the same arrivals and lengths, even if they use different amounts of random numbers. */
export type RandomStreams = {
  readonly arrivals: Random;
  readonly yields: Random;
  readonly lengths: Random;
  readonly bandwidths: Random;
  /** Picks the router for a request. */
  readonly routers: Random;
  readonly choices: Random;
  readonly reports: Random;
  readonly polls: Random;
};

/** Creates the streams of one seed. Each stream starts 2⁶⁴ numbers after the previous stream, so the streams never overlap. */
export function createRandomStreams(seed: number): RandomStreams {
  const generator = xoroshiro128plus(seed);
  const streamFrom = (): Random => {
    // The jump also skips the generator's first states, which are similar for neighbouring seeds.
    generator.jump();
    const own = generator.clone();
    return () => uniformFloat64(own);
  };
  return {
    arrivals: streamFrom(),
    yields: streamFrom(),
    lengths: streamFrom(),
    bandwidths: streamFrom(),
    routers: streamFrom(),
    choices: streamFrom(),
    reports: streamFrom(),
    polls: streamFrom(),
  };
}
