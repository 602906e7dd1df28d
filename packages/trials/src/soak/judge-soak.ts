import type { ProcessFigures } from '@turn-router/testing';
import { slopePerHour, windowMinima } from './trend.ts';

export type FigureSample = Pick<ProcessFigures, 'residentMib' | 'anonymousMib' | 'descriptors'> & {
  readonly atMs: number;
};

export type SoakVerdict = {
  readonly calls: number;
  readonly failedCalls: number;
  /** Share of all calls that were answered with relays, 0–1. */
  readonly availability: number;
  /** Slope of the lowest resident memory in each window after the warm-up. */
  readonly memoryMibPerHour: number;
  /** Slope of the anonymous memory, which excludes pages of the program file. It is shown and not judged. */
  readonly anonymousMibPerHour: number;
  /** Whether the run was long enough to judge memory. */
  readonly isMemoryJudged: boolean;
  /** The lowest number of open descriptors in the first and in the last quarter after the warm-up. */
  readonly descriptors: { readonly first: number; readonly last: number };
  /** Empty if the router passed. */
  readonly faults: readonly string[];
};

/** Permitted growth of resident memory, MiB per hour. */
const memoryMibPerHourMax = 1;

/** Number of windows. In a run of an hour each lasts about two minutes, and contains several garbage collections. */
const memoryWindows = 25;

/** Shortest time to judge memory, ms. In a shorter time a few pages look like MiB per hour. */
const judgedMsMin = 20 * 60_000;

/** Permitted growth of open descriptors. Sockets come and go, while a leak keeps growing. */
const descriptorsMoreMax = 2;

/** Returns the length of the warm-up: ten minutes, or a sixth of a shorter run. V8's heap and compiled code reach their size in this time. */
export function warmUpMs(totalMs: number): number {
  return Math.min(10 * 60_000, totalMs / 6);
}

/**
 * Judges a soak.
 *
 * @param samples samples of the router at even intervals; `atMs` counts from the start of the run
 */
export function judgeSoak(
  samples: readonly FigureSample[],
  { calls, failedCalls, totalMs }: { calls: number; failedCalls: number; totalMs: number },
): SoakVerdict {
  const warm = samples.filter(({ atMs }) => atMs >= warmUpMs(totalMs));
  const firstAtMs = warm[0]?.atMs ?? 0;
  const spanMs = (warm.at(-1)?.atMs ?? 0) - firstAtMs;
  // One ms longer, so that the last sample falls into the last window and not into another one.
  const slopeOf = (figure: 'residentMib' | 'anonymousMib') => {
    const values = warm.map((sample) => ({ atMs: sample.atMs - firstAtMs, value: sample[figure] }));
    return slopePerHour(windowMinima(values, (spanMs + 1) / memoryWindows));
  };
  const memoryMibPerHour = slopeOf('residentMib');
  const isMemoryJudged = spanMs >= judgedMsMin;
  const lowest = (part: readonly FigureSample[]) => Math.min(...part.map(({ descriptors }) => descriptors));
  const quarter = Math.ceil(warm.length / 4);
  const descriptors = { first: lowest(warm.slice(0, quarter)), last: lowest(warm.slice(-quarter)) };
  const faults = [
    ...(calls === 0 ? ['no call was made'] : []),
    ...(failedCalls > 0 ? [`${failedCalls} of ${calls} calls were not answered with relays`] : []),
    ...(isMemoryJudged && memoryMibPerHour > memoryMibPerHourMax
      ? [
          `resident memory grows by ${memoryMibPerHour.toFixed(2)} MiB per hour, expected at most ${memoryMibPerHourMax}`,
        ]
      : []),
    ...(descriptors.last > descriptors.first + descriptorsMoreMax
      ? [`open descriptors grew from ${descriptors.first} to ${descriptors.last}`]
      : []),
  ];
  const availability = calls === 0 ? 0 : (calls - failedCalls) / calls;
  return {
    calls,
    failedCalls,
    availability,
    memoryMibPerHour,
    anonymousMibPerHour: slopeOf('anonymousMib'),
    isMemoryJudged,
    descriptors,
    faults,
  };
}
