import { StunError } from './stun-error.ts';
import type { StunClientOptions } from './stun-client-options.ts';

/** Combines everything that ends an exchange early into one signal; its reason is always a StunError. */
export type Deadline = Disposable & { readonly signal: AbortSignal };

const timerMaxMs = 2 ** 31 - 1;

/** Fires with code `timeout` after `timeoutMs`, or with `aborted` as soon as the caller's signal does. */
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
