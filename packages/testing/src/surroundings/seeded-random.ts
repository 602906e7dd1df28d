import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Uniform in [0, 1), the same for the same seed. For tests and trials. The simulator has its own (`random-streams.ts`), since it is a part of
 * the product, which imports nothing from here, and needs several streams of one seed.
 */
export function seededRandom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  // Leads away from the generator's first states, which look alike for small seeds: each would first draw almost 1.
  generator.jump();
  return () => uniformFloat64(generator);
}
