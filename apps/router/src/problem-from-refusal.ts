import type { Policy } from '@turn-router/contract';
import type { RelayRefusal } from '@turn-router/selection';
import { ProblemError } from './problem-error.ts';

/** Nodes report every few seconds: sooner, nothing will have changed. */
const retryAfterSeconds = 5;

/** What the caller is told when there is no relay for it. */
export function problemFromRefusal(refusal: RelayRefusal, policy: Policy): ProblemError {
  const { code } = refusal;
  switch (code) {
    case 'unknown_region':
      return ProblemError.unknownRegion(refusal.field, policy);
    case 'region_unavailable':
      return new ProblemError(code, 'No relay of the required region meets the request at the moment', {
        retryAfterSeconds,
      });
    case 'no_relay_available':
      return new ProblemError(code, 'No relay that meets the request is healthy at the moment', { retryAfterSeconds });
  }
}
