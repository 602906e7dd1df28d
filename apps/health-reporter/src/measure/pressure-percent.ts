export type PressureSample = { readonly stalledMs: number; readonly monotonicMs: number };

/**
 * Percent of the time between two samples in which some task waited, 0–100: `100 × Δstalled ÷ Δt`. Undefined when no time has passed or
 * the counter began anew.
 */
export function pressurePercent(before: PressureSample, after: PressureSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const stalledMs = after.stalledMs - before.stalledMs;
  if (elapsedMs <= 0 || stalledMs < 0) return undefined;
  // The kernel adds up a stall when it ends, which may be longer ago than the sample before.
  return Math.min(100, (100 * stalledMs) / elapsedMs);
}
