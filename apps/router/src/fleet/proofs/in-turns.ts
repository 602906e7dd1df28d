import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '@turn-router/outside-proof';

/** Time that a computation may take of one turn of the event loop, ms. If it is longer, callers wait longer. */
const turnMs = 5;

/** Takes the steps of a long computation. Between them, callers get turns of the event loop. */
export async function inTurns<Result>(steps: Steps<Result>, monotonicNowMs: () => number): Promise<Result> {
  let untilMs = monotonicNowMs() + turnMs;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (monotonicNowMs() < untilMs) continue;
    await nextTurn();
    untilMs = monotonicNowMs() + turnMs;
  }
}
