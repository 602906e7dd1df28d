import type { Policy } from '@turn-router/contract';
import { ProblemError } from './problem-error.ts';

/**
 * How long a credential lives, seconds. A wish outside the policy's bounds is an error; within them, anonymous callers still get no more
 * than the policy grants to who shows no token.
 *
 * @throws ProblemError `invalid_request`
 */
export function credentialTtl(wishedSeconds: number | undefined, { credentials }: Policy): number {
  const { minTtlSeconds, maxTtlSeconds, anonymousMaxTtlSeconds, ttlSeconds } = credentials;
  const seconds = wishedSeconds ?? ttlSeconds;
  if (seconds < minTtlSeconds || seconds > maxTtlSeconds) {
    const problem = seconds < minTtlSeconds ? 'Too small' : 'Too big';
    throw ProblemError.fromFaults([
      { field: 'ttlSeconds', detail: `${problem}: the policy expects ${minTtlSeconds} to ${maxTtlSeconds}` },
    ]);
  }
  return Math.min(seconds, anonymousMaxTtlSeconds);
}
