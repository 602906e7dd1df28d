import { setTimeout as delay } from 'node:timers/promises';

type NoAnswer = undefined | null | false;

/**
 * Asks until the answer is neither `undefined`, nor `null`, nor `false`, for things that happen in another process.
 *
 * @param what said in the error, e.g. `the node to disappear`
 * @throws Error naming `what` when `timeoutMs` have passed; its cause is the last error of `ask`, if it threw
 */
export async function eventually<T>(
  what: string,
  ask: () => T | NoAnswer | Promise<T | NoAnswer>,
  { timeoutMs = 60_000, everyMs = 50 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause: lastError });
    }
    await delay(everyMs);
  }
}
