import { looksLikeApiKey } from '@turn-router/turn-credentials';
import type { ApiKeyCallers } from './api-keys/api-key-callers.ts';
import { invalidToken, misplacedToken, unauthenticated } from './auth-problems.ts';
import { readBearerToken } from './bearer-token.ts';
import type { Caller } from './caller.ts';
import type { VerifyJwt } from './jwt/jwt-verifier.ts';
import { findMisplacedToken, type ShownRequest } from './misplaced-token.ts';

/** The accepted ways of authentication. */
export type AuthenticatorParts = {
  readonly anonymous: boolean;
  readonly apiKeys: Pick<ApiKeyCallers, 'callerWithKey'> | undefined;
  readonly verifyJwt: VerifyJwt | undefined;
};

/**
 * Authenticates a caller by the `Authorization` field. It is synchronous except for JWTs, whose signatures are checked outside of the event loop.
 *
 * @param request the request of the caller, in which a token may be in the wrong place
 * @throws ProblemError (or rejects with it) with `unauthenticated`, `invalid_token`, `token_expired` or `auth_unavailable`
 */
export type Authenticate = (authorization: string | undefined, request: ShownRequest) => Caller | Promise<Caller>;

const anonymousCaller: Caller = { kind: 'anonymous', scope: {} };

/**
 * Creates the authenticator.
 *
 * - If only anonymous callers are accepted, `Authorization` is ignored, because it may be meant for a proxy in front.
 * - If there is a token, it must be valid. A caller with an invalid token does not become anonymous: it would get short-lived credentials and not
 *   know why.
 * - If an accepted token is in the wrong place, the caller does not become anonymous either.
 * - If there is no token, the caller is anonymous, provided that AUTH allows anonymous callers.
 */
export function createAuthenticator({ anonymous, apiKeys, verifyJwt }: AuthenticatorParts): Authenticate {
  if (apiKeys === undefined && verifyJwt === undefined && anonymous) return () => anonymousCaller;
  const accepted = { apiKeys: apiKeys !== undefined, jwts: verifyJwt !== undefined };
  return (authorization, request) => {
    const bearer = readBearerToken(authorization);
    if (bearer.kind === 'none') {
      const misplaced = findMisplacedToken(request, accepted);
      if (misplaced !== undefined) throw misplacedToken(misplaced);
      if (anonymous) return anonymousCaller;
      throw unauthenticated();
    }
    if (bearer.kind === 'malformed') throw invalidToken('expected "Bearer <token>"');
    const { token } = bearer;
    if (looksLikeApiKey(token)) {
      if (apiKeys === undefined) throw invalidToken('API keys are not accepted here');
      return apiKeys.callerWithKey(token);
    }
    if (verifyJwt === undefined) {
      throw invalidToken('expected an API key such as tr_<id>_<secret>; JWTs and admin tokens are not accepted here');
    }
    return verifyJwt(token);
  };
}
