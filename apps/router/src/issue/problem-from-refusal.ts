import type { Policy } from '@turn-router/contract/policy';
import type { RelayRefusal } from '@turn-router/selection';
import { ProblemError } from '../problem-error.ts';

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
    case 'region_forbidden':
      return new ProblemError(
        code,
        'requireRegion: Its token, or the residency rules for this caller’s country or region, do not allow it; leave it out to get an allowed one',
      );
    case 'fleet_overloaded':
      return new ProblemError(code, 'Every region that may serve the caller is full at the moment', {
        retryAfterSeconds,
      });
    case 'no_relay_available':
      return new ProblemError(code, 'No relay that meets the request is healthy at the moment', { retryAfterSeconds });
  }
}
