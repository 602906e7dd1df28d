import type { EventSource } from './event-source.ts';

/** Runs `happen` at 0 and then at this interval. */
export function createTicker(intervalSeconds: number, happen: (atSecond: number) => void): EventSource {
  let count = 0;
  return {
    nextSecond: () => count * intervalSeconds,
    happen: () => {
      happen(count * intervalSeconds);
      count += 1;
    },
  };
}
