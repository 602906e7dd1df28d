/** Delay before the first replacement, ms. Random parts of it keep workers that end together from starting together. */
const firstDelayMs = 200;

/** Longest delay, ms. A worker that cannot start, such as because of an invalid policy, is restarted this often. */
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
