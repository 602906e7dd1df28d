import type { EventSource } from './event-source.ts';

export type ScriptedAct = { readonly atSecond: number; readonly act: () => void };

/** Runs each act once, at its time. */
export function createScript(acts: readonly ScriptedAct[]): EventSource {
  const inOrder = acts.toSorted((a, b) => a.atSecond - b.atSecond);
  let done = 0;
  return {
    nextSecond: () => inOrder[done]?.atSecond ?? Number.POSITIVE_INFINITY,
    happen: () => {
      inOrder[done]?.act();
      done += 1;
    },
  };
}
