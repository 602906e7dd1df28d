import { startDeadline as start, type Deadline } from '@turn-router/deadline';
import { StunError } from './stun-error.ts';
import type { StunClientOptions } from './stun-client-options.ts';

/** Starts a deadline. Its signal fires with code `timeout` after `timeoutMs`, or with code `aborted` when the caller's signal fires. */
export function startDeadline({ timeoutMs, signal }: StunClientOptions): Deadline {
  return start({
    timeoutMs,
    stop: signal,
    timeoutError: () => new StunError('timeout', `no answer within ${timeoutMs} ms`),
    stopError: (cause) => new StunError('aborted', 'aborted by the caller', { cause }),
  });
}
