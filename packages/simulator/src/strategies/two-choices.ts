import { drawByCapacity } from './draw-by-capacity.ts';
import { homeRegionStrategy } from './home-region-strategy.ts';

/** Two different nodes in proportion to capacity, of which the less loaded by its last report (Mitzenmacher 1996). */
export const createTwoChoices = homeRegionStrategy(() => (candidates, random) => {
  const first = drawByCapacity(candidates, random);
  const second = drawByCapacity(
    candidates.filter((candidate) => candidate !== first),
    random,
  );
  return (first !== undefined && second !== undefined && second.load < first.load ? second : first)?.node;
});
