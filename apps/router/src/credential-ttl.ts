import type { Policy } from '@turn-router/contract';
import type { Caller } from './auth/caller.ts';
import { ProblemError } from './problem-error.ts';

/**
 * How long a credential lives, seconds. A wish outside the bounds of the policy, or the narrower ones of the caller's key, is an error;
 * within them, anonymous callers still get no more than the policy grants to who shows no token.
 *
 * @throws ProblemError `invalid_request`
 */
export function credentialTtl(wishedSeconds: number | undefined, { credentials }: Policy, caller: Caller): number {
  const { anonymousMaxTtlSeconds, ttlSeconds } = credentials;
  const { min, max } = boundsFor(caller, credentials);
  if (wishedSeconds !== undefined && (wishedSeconds < min || wishedSeconds > max)) {
    const problem = wishedSeconds < min ? 'Too small' : 'Too big';
    const who = caller.kind === 'api-key' ? 'the policy and the API key expect' : 'the policy expects';
    throw ProblemError.fromFaults([{ field: 'ttlSeconds', detail: `${problem}: ${who} ${min} to ${max}` }]);
  }
  const seconds = wishedSeconds ?? Math.min(Math.max(ttlSeconds, min), max);
  return caller.kind === 'anonymous' ? Math.min(seconds, anonymousMaxTtlSeconds) : seconds;
}

/** A key narrows the policy's bounds and never widens them; of one that lies outside of them the nearest that they allow is left. */
function boundsFor({ scope }: Caller, { minTtlSeconds, maxTtlSeconds }: Policy['credentials']) {
  const min = Math.min(Math.max(minTtlSeconds, scope.minTtlSeconds ?? 0), maxTtlSeconds);
  const max = Math.max(min, Math.min(maxTtlSeconds, scope.maxTtlSeconds ?? maxTtlSeconds));
  return { min, max };
}
