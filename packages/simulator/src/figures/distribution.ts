import { quantileSorted } from 'd3-array';
import type { Distribution } from '../simulation-result.ts';

/** Returns the quantiles of the values. If there are no values, all quantiles are 0. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => quantileSorted(sorted, part) ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
