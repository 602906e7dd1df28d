type Timed = { readonly monotonicMs: number };

/** Keeps the samples of the last window. */
export interface SlidingWindow<Sample extends Timed> {
  /**
   * Adds a sample and returns the sample to compare it with. This is the newest sample that is at least one window older, or else the oldest
   * sample. Undefined for the first sample.
   */
  baselineOf(sample: Sample): Sample | undefined;
}

/** Samples must be added in the order of their time. The intervals may vary. */
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
  };
}
