type Timed = { readonly monotonicMs: number };

/** Keeps the samples of the last window. */
export interface SlidingWindow<Sample extends Timed> {
  /**
   * Adds a sample and returns the one to compare it with: the newest that is at least one window older, else the oldest. Undefined for
   * the first sample.
   */
  baselineOf(sample: Sample): Sample | undefined;
  /** Drops all samples: later ones cannot be compared with them. */
  clear(): void;
}

/** Samples must arrive in the order of their time; the intervals may vary. */
export function createSlidingWindow<Sample extends Timed>(windowMs: number): SlidingWindow<Sample> {
  let samples: Sample[] = [];
  return {
    baselineOf(sample) {
      const old = samples.filter(({ monotonicMs }) => monotonicMs <= sample.monotonicMs - windowMs);
      samples = samples.slice(Math.max(0, old.length - 1));
      const [baseline] = samples;
      samples.push(sample);
      return baseline;
    },
    clear() {
      samples = [];
    },
  };
}
