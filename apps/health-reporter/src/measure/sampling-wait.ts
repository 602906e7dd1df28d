import type { Wait } from '../system/wait.ts';

export type SamplingWaitOptions = {
  wait: Wait;
  sample: () => Promise<void>;
  /** The interval between two samples, milliseconds. */
  everyMs: number;
  monotonicMs: () => number;
};

/** Waits as `wait` does, and takes a sample after every `everyMs` of the wait, but not at its end. */
export function createSamplingWait({ wait, sample, everyMs, monotonicMs }: SamplingWaitOptions): Wait {
  return async (ms, signal) => {
    const endMs = monotonicMs() + ms;
    for (let leftMs = ms; ; leftMs = endMs - monotonicMs()) {
      await wait(Math.min(everyMs, leftMs), signal);
      if (signal.aborted || monotonicMs() >= endMs) return;
      await sample();
    }
  };
}
