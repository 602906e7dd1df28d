import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs a task at once and then repeatedly until disposed of. Disposal waits for the run in progress.
 *
 * @param restMs time from the end of one run to the start of the next
 */
export function startLoop(task: () => Promise<void>, restMs: number | (() => number)): AsyncDisposable {
  const stopped = new AbortController();
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await task();
      await delay(typeof restMs === 'number' ? restMs : restMs(), undefined, { signal: stopped.signal }).catch(
        () => undefined,
      );
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await loop;
    },
  };
}
