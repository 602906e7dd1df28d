/** One signal that fires at the timeout, or when the caller stops. Disposal ends the timer. */
export type Deadline = Disposable & { readonly signal: AbortSignal };

export type DeadlineOptions = {
  /** The timeout of the whole call, milliseconds, 1 to 2147483647. */
  readonly timeoutMs: number;
  /** If this signal fires, the call ends before its timeout. */
  readonly stop?: AbortSignal | undefined;
  /** Creates the reason of the signal at the timeout. Default: a DOMException with the name `TimeoutError`. */
  readonly timeoutError?: () => Error;
  /** Creates the reason of the signal when `stop` fires. Default: the reason of `stop`. */
  readonly stopError?: (cause: unknown) => Error;
};

/** The longest delay of a timer in Node. A longer delay fires at once. */
const timerMaxMs = 2 ** 31 - 1;

/**
 * Starts a deadline. The timer holds the signal strongly until disposal. `AbortSignal.timeout` and `AbortSignal.any` do not: garbage collection
 * may remove their signal while a call waits, and then the call never ends.
 *
 * @throws RangeError for an invalid timeout
 */
export function startDeadline({ timeoutMs, stop, timeoutError, stopError }: DeadlineOptions): Deadline {
  if (!(timeoutMs >= 1 && timeoutMs <= timerMaxMs)) {
    throw new RangeError(`timeoutMs is ${timeoutMs}; expected milliseconds from 1 to ${timerMaxMs}`);
  }
  const controller = new AbortController();
  const onTimeout = () =>
    controller.abort(timeoutError?.() ?? new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'));
  const onStop = () => controller.abort(stopError?.(stop?.reason) ?? stop?.reason);

  const timer = setTimeout(onTimeout, timeoutMs);
  stop?.addEventListener('abort', onStop, { once: true });
  if (stop?.aborted === true) onStop();
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      stop?.removeEventListener('abort', onStop);
    },
  };
}
