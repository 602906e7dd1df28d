import type { SimulatedCallers } from '../engine/callers.ts';
import type { SimulatedNode } from '../engine/world.ts';
import type { RunFigures, RunSeries } from '../simulation-result.ts';
import { createCurve } from './curve.ts';
import type { RunClock } from './run-clock.ts';

/** Distance to a call's relay minus the distance to the nearest region. */
export interface DistanceFigures {
  readonly began: (from: SimulatedCallers, node: SimulatedNode, atSecond: number) => void;
  readonly figures: () => RunFigures['addedDistanceKm'];
  readonly series: () => RunSeries['addedDistanceKm'];
}

/** Last bin of the histogram, km. Half the way around the earth is 20 015 km. A histogram is used because there are millions of calls. */
const farthestKm = 20_100;

export function createDistanceFigures({ durationSeconds, measuredFromSecond, points }: RunClock): DistanceFigures {
  const curve = createCurve(durationSeconds, points);
  const callsByKm = new Uint32Array(farthestKm + 1);
  let calls = 0;
  let sumKm = 0;

  return {
    began: ({ addedKmByRegion }, { region }, atSecond) => {
      const addedKm = addedKmByRegion?.get(region.name) ?? 0;
      curve.add(atSecond, addedKm, 1);
      if (atSecond < measuredFromSecond) return;
      const bin = Math.min(farthestKm, Math.round(addedKm));
      callsByKm[bin] = (callsByKm[bin] ?? 0) + 1;
      calls += 1;
      sumKm += addedKm;
    },
    figures: () => ({ mean: calls === 0 ? 0 : sumKm / calls, p99: binAt(0.99 * calls, callsByKm) }),
    series: curve.values,
  };
}

/** Returns the first bin at which the cumulative count reaches `count`. */
function binAt(count: number, bins: Uint32Array): number {
  let sum = 0;
  for (const [bin, inBin] of bins.entries()) {
    sum += inBin;
    if (sum >= count) return bin;
  }
  return 0;
}
