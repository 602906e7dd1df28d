import type { Wait } from '../system/wait.ts';

export type SamplingWaitOptions = {
  wait: Wait;
  sample: () => Promise<void>;
  /** The interval between two samples, milliseconds. */
  everyMs: number;
  monotonicMs: () => number;
};

/** Creates a wait that also takes a sample after every `everyMs`, except at the end of the wait. */
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
