import { least } from 'd3-array';
import { homeRegionStrategy } from './home-region-strategy.ts';

/** The node with the least reported load: every call of a report's life goes there. */
export const createLeastLoad = homeRegionStrategy(() => (candidates) => least(candidates, ({ load }) => load)?.node);
