import type { Policy } from '@turn-router/contract/policy';
import type { RelayRefusal } from '@turn-router/selection';
import { ProblemError } from '../problem-error.ts';

/** Nodes report every few seconds; an earlier retry would find nothing changed. */
const retryAfterSeconds = 5;

/** Creates the problem for a caller that gets no relay. */
export function problemFromRefusal(refusal: RelayRefusal, policy: Policy): ProblemError {
  const { code } = refusal;
  switch (code) {
    case 'unknown_region':
      return ProblemError.unknownRegion(refusal.field, policy);
    case 'region_unavailable':
      return new ProblemError(code, 'No healthy relay in the required region meets the request now: retry later', {
        retryAfterSeconds,
      });
    case 'region_forbidden':
      return new ProblemError(
        code,
        'requireRegion: Forbidden by the token, or by the residency rules for the caller’s country or region; omit it to get an allowed region',
      );
    case 'fleet_overloaded':
      return new ProblemError(code, 'Every region that may serve the caller is full: retry later', {
        retryAfterSeconds,
      });
    case 'no_relay_available':
      return new ProblemError(code, 'No healthy relay meets the request now: retry later', { retryAfterSeconds });
  }
}
