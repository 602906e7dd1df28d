import { StunError } from './stun-error.ts';
import type { StunClientOptions } from './stun-client-options.ts';

/** One signal that fires at the timeout, or when the caller aborts. Its reason is always a StunError. */
export type Deadline = Disposable & { readonly signal: AbortSignal };

const timerMaxMs = 2 ** 31 - 1;

/** Starts a deadline. Its signal fires with code `timeout` after `timeoutMs`, or with code `aborted` when the caller's signal fires. */
export function startDeadline({ timeoutMs, signal: callerSignal }: StunClientOptions): Deadline {
  if (!(timeoutMs >= 1 && timeoutMs <= timerMaxMs)) {
    throw new RangeError(`timeoutMs is ${timeoutMs}; expected milliseconds from 1 to ${timerMaxMs}`);
  }
  const controller = new AbortController();
  const onTimeout = () => controller.abort(new StunError('timeout', `no answer within ${timeoutMs} ms`));
  const onAbort = () =>
    controller.abort(new StunError('aborted', 'aborted by the caller', { cause: callerSignal?.reason }));

  const timer = setTimeout(onTimeout, timeoutMs);
  callerSignal?.addEventListener('abort', onAbort, { once: true });
  if (callerSignal?.aborted === true) onAbort();
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      callerSignal?.removeEventListener('abort', onAbort);
    },
  };
}
