import { least } from 'd3-array';
import { homeRegionStrategy } from './home-region-strategy.ts';

/** The least loaded node by what each carries at this very moment, which no router can know: the limit of what knowledge can do. */
export const createPerfectKnowledge = homeRegionStrategy(
  () => (candidates) => least(candidates, ({ node }) => node.loadMbps / node.capacityMbps)?.node,
);
