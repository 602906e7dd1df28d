import { bisectRight } from 'd3-array';
import type { SimulatedCallers } from './callers.ts';
import type { EventSource } from './event-source.ts';
import type { Random } from './random-streams.ts';

/** Between these moments the rates stand still; the sun moves little in a minute. */
const sliceSeconds = 60;

export type ArrivalRates = {
  /** Credentials that 1 Mbit/s of demand asks for, 1/s: 1 ÷ (mean bandwidth × mean length × yield). */
  readonly perMbps: number;
  /** Demand of all callers at a moment is multiplied by this. */
  readonly factorAt: (second: number) => number;
  /** Moments at which demand or factor jump. */
  readonly jumpSeconds: readonly number[];
  /** Nobody asks from this moment on. */
  readonly untilSecond: number;
};

/**
 * Requests as a Poisson process (Kingman 1993): from each moment the next is exponentially far; a change of rate just starts anew, for
 * the process has no memory.
 */
export function createArrivals(
  callers: readonly SimulatedCallers[],
  { perMbps, factorAt, jumpSeconds, untilSecond }: ArrivalRates,
  random: Random,
  arrive: (from: SimulatedCallers, atSecond: number) => void,
): EventSource {
  const jumps = [...new Set(jumpSeconds)].toSorted((a, b) => a - b);
  /** At i: requests of the callers 0 … i together, 1/s. */
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
