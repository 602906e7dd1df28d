type Timed = { readonly monotonicMs: number };

/** The samples of the last while. */
export interface SlidingWindow<Sample extends Timed> {
  /**
   * Takes a sample and gives back the one to compare it with: the newest that is at least a window old, or else the oldest there is.
   * Undefined for the first one.
   */
  baselineOf(sample: Sample): Sample | undefined;
  /** Forgets everything: what follows cannot be compared with what was. */
  clear(): void;
}

/** Samples are taken in the order of their time, any time apart. */
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
