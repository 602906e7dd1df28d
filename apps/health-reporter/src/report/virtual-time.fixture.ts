import type { Wait } from '../system/wait.ts';

/** Time that passes only while everybody waits, so that many reporters run for minutes at once. */
export type VirtualTime = {
  readonly nowMs: () => number;
  readonly wait: Wait;
  /** Lets everything happen that is due until then. */
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
        // All that can go on without waiting does.
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
