import type { ProcessFigures } from '@turn-router/testing';
import { slopePerHour, windowMinima } from './trend.ts';

export type FigureSample = Pick<ProcessFigures, 'residentMib' | 'anonymousMib' | 'descriptors'> & {
  readonly atMs: number;
};

export type SoakVerdict = {
  readonly calls: number;
  readonly failedCalls: number;
  /** Part of all calls that were answered with relays. */
  readonly availability: number;
  /** Of the lowest resident memory in each window, after the warm-up. */
  readonly memoryMibPerHour: number;
  /** The same of the part that is no file: what is left when pages of the program count no more. For people. */
  readonly anonymousMibPerHour: number;
  /** Whether the run was long enough to judge memory by. */
  readonly isMemoryJudged: boolean;
  /** The lowest number of open descriptors in the first and in the last quarter after the warm-up. */
  readonly descriptors: { readonly first: number; readonly last: number };
  /** Empty when all is well. */
  readonly faults: readonly string[];
};

/** What a router may gain, MiB an hour. */
const memoryMibPerHourMax = 1;

/** Two minutes each in an hour's run: each holds many collections of garbage. */
const memoryWindows = 25;

/** Over less than this, a few pages look like MiB an hour. */
const judgedMsMin = 20 * 60_000;

/** Sockets come and go; a leak goes on. */
const descriptorsMoreMax = 2;

/** The first ten minutes, or the first sixth of a shorter run: V8's heap and its compiled code grow to their size. */
export function warmUpMs(totalMs: number): number {
  return Math.min(10 * 60_000, totalMs / 6);
}

/** @param samples of the router, evenly in time; `atMs` counts from the beginning of the run */
export function judgeSoak(
  samples: readonly FigureSample[],
  { calls, failedCalls, totalMs }: { calls: number; failedCalls: number; totalMs: number },
): SoakVerdict {
  const warm = samples.filter(({ atMs }) => atMs >= warmUpMs(totalMs));
  const firstAtMs = warm[0]?.atMs ?? 0;
  const spanMs = (warm.at(-1)?.atMs ?? 0) - firstAtMs;
  // The last sample falls into the last window, not into one of its own.
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
      ? [`resident memory grows by ${memoryMibPerHour.toFixed(2)} MiB an hour, more than ${memoryMibPerHourMax}`]
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
