import { ProblemError } from '../../problem-error.ts';

/** The challenge of every 401 (RFC 6750 §3). If the request has no token, the challenge has no `error`. */
const challenge = 'Bearer realm="turn-router"';

/** Creates the problem for a request without the required token. */
export function unauthenticated(): ProblemError {
  return new ProblemError('unauthenticated', 'Authorization: Missing: expected "Bearer <API key or token>"', {
    challenge,
  });
}

/** @param detail where the token is and where it belongs, without its value */
export function misplacedToken(detail: string): ProblemError {
  return new ProblemError('unauthenticated', detail, { challenge });
}

/** @param reason shown to the caller, so it must not contain keys, settings or parts of the request */
export function invalidToken(reason: string, cause?: unknown): ProblemError {
  return new ProblemError('invalid_token', `Authorization: The token is not valid: ${reason}`, {
    challenge: `${challenge}, error="invalid_token"`,
    cause,
  });
}

export function tokenExpired(): ProblemError {
  return new ProblemError('token_expired', 'Authorization: The token has expired. Get a new token', {
    challenge: `${challenge}, error="invalid_token", error_description="The token has expired"`,
  });
}

export function keyExpired(): ProblemError {
  return new ProblemError('token_expired', 'Authorization: The API key has expired. Ask the operator for a new key', {
    challenge: `${challenge}, error="invalid_token", error_description="The API key has expired"`,
  });
}

/** Creates the problem for a token that cannot be checked, because no keys have been read since the start. */
export function authUnavailable(detail: string): ProblemError {
  return new ProblemError('auth_unavailable', detail, { retryAfterSeconds: 2 });
}
