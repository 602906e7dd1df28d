/** Delay before the first replacement, ms. A random part of the delay prevents that workers which end together start together. */
const firstDelayMs = 200;

/** Longest delay, ms. If a worker cannot start, for example because of an invalid policy, it is restarted at this interval. */
const longestDelayMs = 30_000;

/**
 * Returns the delay before a worker is replaced, ms: between half and the whole of `200 · 2^failedStarts`, at most 30 s.
 *
 * @param failedStarts number of workers in a row that ended before they listened
 * @param random uniform in [0, 1)
 */
export function replacementDelayMs(failedStarts: number, random: () => number): number {
  const wholeMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failedStarts);
  return (wholeMs / 2) * (1 + random());
}
