import { drawByCapacity } from './draw-by-capacity.ts';
import { homeRegionStrategy } from './home-region-strategy.ts';

/** At random, in proportion to capacity. */
export const createRandomStrategy = homeRegionStrategy(
  () => (candidates, random) => drawByCapacity(candidates, random)?.node,
);
