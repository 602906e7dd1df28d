import { balancerStrategy } from './balancer-strategy.ts';

/** Every call stays in its region, whatever that region's load. */
export const createNoSpillover = balancerStrategy(() => ({
  observe: () => undefined,
  requiredRegion: ({ homeRegion }) => homeRegion,
}));
