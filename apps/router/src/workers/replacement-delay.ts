/** Before the first replacement, ms: a fault that ends all workers at once is not made worse by all of them starting at once. */
const firstDelayMs = 200;

/** The longest, ms: a worker that cannot start, such as for a policy that has become invalid, tries again this often. */
const longestDelayMs = 30_000;

/**
 * How long to wait before a worker is replaced, ms: between half and the whole of `200 · 2^failedStarts`, at most 30 s.
 *
 * @param failedStarts how many in a row ended before they listened
 * @param random uniform in [0, 1)
 */
export function replacementDelayMs(failedStarts: number, random: () => number): number {
  const wholeMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failedStarts);
  return (wholeMs / 2) * (1 + random());
}
