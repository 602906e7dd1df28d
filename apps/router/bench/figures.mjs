// Arithmetic on measured figures.

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** @typedef {{low: number, median: number, high: number}} Spread `low` and `high`: the quartiles */

/** @param {readonly number[]} values @returns {Spread} */
export function spreadOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (half === 0) return { low: median(sorted), median: median(sorted), high: median(sorted) };
  return { low: median(sorted.slice(0, half)), median: median(sorted), high: median(sorted.slice(-half)) };
}

/**
 * Returns how many times more requests per second the first server answers than the other. This is the median of the ratios of all rounds, because
 * the two figures of one round are close in time.
 *
 * @param {readonly {perSecond: number}[]} rounds
 * @param {readonly {perSecond: number}[]} others
 */
export function ratioOf(rounds, others) {
  return median(rounds.map(({ perSecond }, index) => perSecond / (others[index]?.perSecond ?? Number.NaN)));
}
