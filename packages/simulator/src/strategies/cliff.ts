import type { FleetReading } from '@turn-router/selection';
import { balancerStrategy } from './balancer-strategy.ts';

/** Reported load of a region above which all its new calls leave. */
const cliffLoad = 0.8;

/** While the load of a region is above 0.8, all its new calls go to the first target at or below 0.8. Otherwise all calls stay. */
export const createCliff = balancerStrategy(({ policy }) => {
  let loads: ReadonlyMap<string, number> = new Map();
  const isBelow = (region: string) => (loads.get(region) ?? Number.POSITIVE_INFINITY) <= cliffLoad;
  return {
    observe: (reading) => {
      loads = reportedLoads(reading);
    },
    requiredRegion: ({ homeRegion }) => {
      if (isBelow(homeRegion)) return homeRegion;
      const targets = policy.regions[homeRegion]?.spillover ?? [];
      return targets.find(({ region }) => isBelow(region))?.region ?? homeRegion;
    },
  };
});

function reportedLoads({ nodes }: FleetReading): Map<string, number> {
  const sums = new Map<string, { loadMbps: number; capacityMbps: number }>();
  for (const { key, report } of nodes) {
    const sum = sums.get(key.region) ?? { loadMbps: 0, capacityMbps: 0 };
    sum.loadMbps += report.bandwidth_mbps;
    sum.capacityMbps += report.bandwidth_capacity_mbps ?? 0;
    sums.set(key.region, sum);
  }
  return new Map([...sums].map(([region, { loadMbps, capacityMbps }]) => [region, loadMbps / capacityMbps]));
}
