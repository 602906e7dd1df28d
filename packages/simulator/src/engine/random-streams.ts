import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform in [0, 1). */
export type Random = () => number;

/** One source of chance for each concern, so that strategies are compared on the same arrivals and lengths, however much they draw. */
export type RandomStreams = {
  readonly arrivals: Random;
  readonly yields: Random;
  readonly lengths: Random;
  readonly bandwidths: Random;
  /** Which router an arrival asks. */
  readonly routers: Random;
  readonly choices: Random;
  readonly reports: Random;
  readonly polls: Random;
};

/** Streams of one seed. Each begins 2⁶⁴ draws after the one before it, so they never meet. */
export function createRandomStreams(seed: number): RandomStreams {
  const generator = xoroshiro128plus(seed);
  const streamFrom = (): Random => {
    // Also leads away from the generator's first states, which look alike for seeds that are near each other.
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
