import { bisectRight } from 'd3-array';
import type { SimulatedCallers } from './callers.ts';
import type { EventSource } from './event-source.ts';
import type { Random } from './random-streams.ts';

/** Length of a slice. The rate is constant within a slice, because daily demand changes little in a minute. */
const sliceSeconds = 60;

export type ArrivalRates = {
  /** Requests per second for 1 Mbit/s of demand: 1 ÷ (mean bandwidth × mean length × yield). */
  readonly perMbps: number;
  /** The factor by which the demand of all callers is multiplied at a moment. */
  readonly factorAt: (second: number) => number;
  /** Moments at which the demand or the factor changes in a step. */
  readonly jumpSeconds: readonly number[];
  /** No requests arrive from this moment on. */
  readonly untilSecond: number;
};

/**
 * Creates requests as a Poisson process (Kingman 1993): the time to the next request is exponentially distributed. The process has no memory,
 * so the time can be picked anew at each change of rate.
 */
export function createArrivals(
  callers: readonly SimulatedCallers[],
  { perMbps, factorAt, jumpSeconds, untilSecond }: ArrivalRates,
  random: Random,
  arrive: (from: SimulatedCallers, atSecond: number) => void,
): EventSource {
  const jumps = [...new Set(jumpSeconds)].toSorted((a, b) => a - b);
  /** Entry i: total requests of the callers 0 … i, 1/s. */
  const cumulativePerSecond = new Float64Array(callers.length);
  let totalPerSecond = 0;
  let sliceEndSecond = 0;

  const startSlice = (second: number) => {
    const nextJump = jumps[bisectRight(jumps, second)] ?? Number.POSITIVE_INFINITY;
    sliceEndSecond = Math.min(nextJump, (Math.floor(second / sliceSeconds) + 1) * sliceSeconds);
    totalPerSecond = 0;
    for (const [index, { demandMbpsAt }] of callers.entries()) {
      totalPerSecond += demandMbpsAt(second) * factorAt(second) * perMbps;
      cumulativePerSecond[index] = totalPerSecond;
    }
  };
  const nextAfter = (second: number): number => {
    for (let from = second; from < untilSecond; from = sliceEndSecond) {
      if (from >= sliceEndSecond) startSlice(from);
      const next = from - Math.log1p(-random()) / totalPerSecond;
      if (next < sliceEndSecond) return next;
    }
    return Number.POSITIVE_INFINITY;
  };

  let next = nextAfter(0);
  return {
    nextSecond: () => next,
    happen: () => {
      const from = callers[bisectRight(cumulativePerSecond, random() * totalPerSecond)];
      const atSecond = next;
      next = nextAfter(atSecond);
      if (from !== undefined) arrive(from, atSecond);
    },
  };
}
