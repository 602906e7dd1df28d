import { createPlacer, greatCircleKm, type Coordinates, type PlacedCaller } from '@turn-router/selection';
import type { WorldDemand } from '../scenario/demand.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Callers of one region or one place. They have the same properties. */
export type SimulatedCallers = {
  readonly placed: PlacedCaller;
  /** Demand at a moment: the work that these callers would cause in the long run, Mbit/s. */
  readonly demandMbpsAt: (second: number) => number;
  /** Distance to each region minus the distance to the nearest region, km; undefined if the callers have no place. */
  readonly addedKmByRegion: ReadonlyMap<string, number> | undefined;
};

/** Creates the callers. A region's demand is relative to the region's capacity at the start. The world's demand is relative to the capacity of all regions. */
export function createCallers(scenario: Scenario): SimulatedCallers[] {
  const { demand, regions } = scenario;
  const capacityOf = (region: string): number =>
    (regions[region]?.nodes ?? []).reduce((sum, { count, capacityMbps }) => sum + count * capacityMbps, 0);

  const ofRegions = Object.entries(demand.regions).map(([homeRegion, steps]): SimulatedCallers => ({
    placed: { homeRegion },
    demandMbpsAt: (second) =>
      capacityOf(homeRegion) * (steps.findLast(({ atSecond }) => atSecond <= second)?.factor ?? 0),
    addedKmByRegion: undefined,
  }));
  const worldMbps = Object.keys(regions).reduce((sum, region) => sum + capacityOf(region), 0);
  return demand.world === undefined
    ? ofRegions
    : [...ofRegions, ...callersAtPlaces(demand.world, worldMbps, scenario.policy)];
}

function callersAtPlaces(world: WorldDemand, worldMbps: number, policy: Scenario['policy']): SimulatedCallers[] {
  const placeCaller = createPlacer(policy);
  const totalWeight = world.places.reduce((sum, { weight }) => sum + weight, 0);
  return world.places.map(({ country, location: [latitude, longitude], weight, utcOffsetHours }): SimulatedCallers => {
    const location = { latitude, longitude };
    const meanMbps = (worldMbps * world.meanFactor * weight) / totalWeight;
    const startHour = world.startHourUtc + (utcOffsetHours ?? longitude / 15);
    return {
      placed: { homeRegion: placeCaller({ country, location }).home, country },
      demandMbpsAt: (second) => meanMbps * dailyFactor(startHour + second / 3600, world),
      addedKmByRegion: addedKmByRegion(location, policy),
    };
  });
}

/** Demand at a local hour ÷ the day's mean: 1 + swing × cos(2π × (local hour − peak hour) ÷ 24). Its mean over a day is 1. */
export function dailyFactor(localHour: number, { swing, peakHour }: Pick<WorldDemand, 'swing' | 'peakHour'>): number {
  return 1 + swing * Math.cos((2 * Math.PI * (localHour - peakHour)) / 24);
}

function addedKmByRegion(from: Coordinates, { regions }: Scenario['policy']): Map<string, number> {
  const distancesKm = Object.entries(regions).map(
    ([
      name,
      {
        location: [latitude, longitude],
      },
    ]): [string, number] => [name, greatCircleKm(from, { latitude, longitude })],
  );
  const nearestKm = Math.min(...distancesKm.map(([, km]) => km));
  return new Map(distancesKm.map(([name, km]) => [name, km - nearestKm]));
}
