import { setTimeout as delay } from 'node:timers/promises';

/** Does a task at once and again and again, `intervalMs` after it has ended, until disposed of; that waits for the one under way. */
export function startLoop(task: () => Promise<void>, intervalMs: number): AsyncDisposable {
  const stopped = new AbortController();
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await task();
      await delay(intervalMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await loop;
    },
  };
}
