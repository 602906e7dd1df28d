import type { EventSource } from './event-source.ts';

/** Happens at 0 and then at this step. */
export function createEvery(stepSeconds: number, happen: (atSecond: number) => void): EventSource {
  let count = 0;
  return {
    nextSecond: () => count * stepSeconds,
    happen: () => {
      happen(count * stepSeconds);
      count += 1;
    },
  };
}
