import { ProblemError } from '../../problem-error.ts';

/** What a 401 must say (RFC 6750 §3); without an `error` where no token was shown. */
const challenge = 'Bearer realm="turn-router"';

/** No token, where one is needed. */
export function unauthenticated(): ProblemError {
  return new ProblemError('unauthenticated', 'Authorization: Missing: expected "Bearer <API key or token>"', {
    challenge,
  });
}

/** @param reason for the caller: nothing of keys and settings, and nothing that was sent */
export function invalidToken(reason: string, cause?: unknown): ProblemError {
  return new ProblemError('invalid_token', `Authorization: The token is not valid: ${reason}`, {
    challenge: `${challenge}, error="invalid_token"`,
    cause,
  });
}

export function tokenExpired(): ProblemError {
  return new ProblemError('token_expired', 'Authorization: The token has expired: get a new one', {
    challenge: `${challenge}, error="invalid_token", error_description="The token has expired"`,
  });
}

/** What tokens are checked by has not been read since the start. */
export function authUnavailable(detail: string): ProblemError {
  return new ProblemError('auth_unavailable', detail, { retryAfterSeconds: 2 });
}
