import type { Wait } from './wait.ts';

/** Time that passes only while all reporters wait, so that many of them simulate minutes quickly. */
export type VirtualTime = {
  readonly nowMs: () => number;
  readonly wait: Wait;
  /** Runs everything that is due until then. */
  readonly runUntil: (endMs: number) => Promise<void>;
};

export function createVirtualTime(): VirtualTime {
  let nowMs = 0;
  let sleepers: { atMs: number; wake: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    wait: (ms) =>
      new Promise((wake) => {
        sleepers.push({ atMs: nowMs + Math.max(0, ms), wake });
      }),
    async runUntil(endMs) {
      for (;;) {
        // Lets everything run that can continue without waiting.
        await new Promise(setImmediate);
        const atMs = Math.min(...sleepers.map((sleeper) => sleeper.atMs));
        if (atMs > endMs) break;
        nowMs = atMs;
        const due = sleepers.filter((sleeper) => sleeper.atMs === atMs);
        sleepers = sleepers.filter((sleeper) => sleeper.atMs > atMs);
        for (const { wake } of due) wake();
      }
      nowMs = endMs;
    },
  };
}
