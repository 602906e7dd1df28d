/** A reading of counters that only grow. */
export type CpuSample = {
  /** CPU time used so far, seconds, summed over the CPUs. */
  readonly usedSeconds: number;
  /** Time passed so far, seconds. */
  readonly elapsedSeconds: number;
  /** CPUs that may be used at once; a fraction where a quota says so. */
  readonly cpus: number;
};

/**
 * Percent of what may be used between two samples, 0–100: `100 × Δused ÷ (Δelapsed × cpus)`.
 * Undefined when no time has passed or the counters began anew.
 */
export function cpuPercent(before: CpuSample, after: CpuSample): number | undefined {
  const usedSeconds = after.usedSeconds - before.usedSeconds;
  const usableSeconds = (after.elapsedSeconds - before.elapsedSeconds) * after.cpus;
  if (usableSeconds <= 0 || usedSeconds < 0) return undefined;
  return Math.min(100, (100 * usedSeconds) / usableSeconds);
}
