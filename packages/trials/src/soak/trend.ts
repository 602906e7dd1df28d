export type TrendPoint = { readonly atMs: number; readonly value: number };

/**
 * Returns the lowest value of each window. Resident memory swings with every garbage collection, and the memory left after one is the memory
 * that the program really holds.
 */
export function windowMinima(samples: readonly TrendPoint[], windowMs: number): TrendPoint[] {
  const lowest = new Map<number, TrendPoint>();
  for (const sample of samples) {
    const window = Math.floor(sample.atMs / windowMs);
    const known = lowest.get(window);
    if (known === undefined || sample.value < known.value) lowest.set(window, sample);
  }
  return [...lowest.values()];
}

/**
 * Returns the slope of the least-squares line: Σ(t − t̄)(v − v̄) ÷ Σ(t − t̄)², per hour.
 *
 * @returns 0 if the samples have fewer than two different times
 */
export function slopePerHour(samples: readonly TrendPoint[]): number {
  const hours = samples.map(({ atMs }) => atMs / 3_600_000);
  const meanHours = mean(hours);
  const meanValue = mean(samples.map(({ value }) => value));
  const spread = hours.reduce((sum, hour) => sum + (hour - meanHours) ** 2, 0);
  if (spread === 0 || samples.length < 2) return 0;
  return samples.reduce((sum, { value }, i) => sum + ((hours[i] ?? 0) - meanHours) * (value - meanValue), 0) / spread;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
