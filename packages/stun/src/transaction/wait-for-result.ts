export type Waiting<Result> = {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
};

/**
 * Starts listeners and transmissions, and waits until one of them settles the result. Then it disposes of all of them.
 *
 * @param onSignal settles the result when `signal` fires, or at once if it has fired already
 * @param start is not called if `signal` has fired already
 */
export async function waitForResult<Result>(
  signal: AbortSignal,
  onSignal: (waiting: Waiting<Result>) => void,
  start: (waiting: Waiting<Result>) => readonly Disposable[],
): Promise<Result> {
  const stop = new AbortController();
  let parts: readonly Disposable[] = [];
  try {
    return await new Promise<Result>((resolve, reject) => {
      const waiting = { resolve, reject };
      if (signal.aborted) return onSignal(waiting);
      signal.addEventListener('abort', () => onSignal(waiting), { signal: stop.signal });
      parts = start(waiting);
    });
  } finally {
    stop.abort();
    for (const part of parts) part[Symbol.dispose]();
  }
}
