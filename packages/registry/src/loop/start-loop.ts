import { setTimeout as delay } from 'node:timers/promises';

/** Does a task at once and again and again, until disposed of; that waits for the one under way. @param restMs from its end to its next beginning */
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
