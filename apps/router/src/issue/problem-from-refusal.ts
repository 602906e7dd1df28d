import type { Policy } from '@turn-router/contract/policy';
import type { RelayRefusal } from '@turn-router/selection';
import { ProblemError } from '../problem-error.ts';

/** Time until a retry, seconds. Nodes report every few seconds, so nothing would have changed at an earlier retry. */
const retryAfterSeconds = 5;

/** Creates the problem for a caller that gets no relay. */
export function problemFromRefusal(refusal: RelayRefusal, policy: Policy): ProblemError {
  const { code } = refusal;
  switch (code) {
    case 'unknown_region':
      return ProblemError.unknownRegion(refusal.field, policy);
    case 'region_unavailable':
      return new ProblemError(code, 'No healthy relay in the required region fits the request now: retry later', {
        retryAfterSeconds,
      });
    case 'region_forbidden':
      return new ProblemError(
        code,
        'requireRegion: The token, or a residency rule for the caller’s country or region, forbids this region: omit the field to get an allowed region',
      );
    case 'fleet_overloaded':
      return new ProblemError(code, 'Every region that may serve the caller is full: retry later', {
        retryAfterSeconds,
      });
    case 'no_relay_available':
      return new ProblemError(code, 'No healthy relay fits the request now: retry later', { retryAfterSeconds });
  }
}
