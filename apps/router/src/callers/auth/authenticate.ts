import { looksLikeApiKey } from '@turn-router/turn-credentials';
import type { ApiKeyCallers } from './api-keys/api-key-callers.ts';
import { invalidToken, unauthenticated } from './auth-problems.ts';
import { readBearerToken } from './bearer-token.ts';
import type { Caller } from './caller.ts';
import type { VerifyJwt } from './jwt/jwt-verifier.ts';

/** The accepted ways of authentication. */
export type AuthenticatorParts = {
  readonly anonymous: boolean;
  readonly apiKeys: Pick<ApiKeyCallers, 'callerWithKey'> | undefined;
  readonly verifyJwt: VerifyJwt | undefined;
};

/**
 * Authenticates a caller by the `Authorization` field. It is synchronous except for JWTs, whose signatures are checked outside of the event loop.
 *
 * @throws ProblemError (or rejects with it) with `unauthenticated`, `invalid_token`, `token_expired` or `auth_unavailable`
 */
export type Authenticate = (authorization: string | undefined) => Caller | Promise<Caller>;

const anonymousCaller: Caller = { kind: 'anonymous', scope: {} };

/**
 * Creates the authenticator.
 *
 * - If only anonymous callers are accepted, `Authorization` is ignored, because it may be meant for a proxy in front.
 * - If there is a token, it must be valid. A caller with an invalid token does not become anonymous: it would get short-lived credentials and not
 *   know why.
 * - If there is no token, the caller is anonymous, provided that AUTH allows anonymous callers.
 */
export function createAuthenticator({ anonymous, apiKeys, verifyJwt }: AuthenticatorParts): Authenticate {
  if (apiKeys === undefined && verifyJwt === undefined && anonymous) return () => anonymousCaller;
  return (authorization) => {
    const bearer = readBearerToken(authorization);
    if (bearer.kind === 'none') {
      if (anonymous) return anonymousCaller;
      throw unauthenticated();
    }
    if (bearer.kind === 'malformed') throw invalidToken('expected "Bearer <token>"');
    const { token } = bearer;
    if (looksLikeApiKey(token)) {
      if (apiKeys === undefined) throw invalidToken('API keys are not accepted here');
      return apiKeys.callerWithKey(token);
    }
    if (verifyJwt === undefined) throw invalidToken('expected an API key such as tr_<id>_<secret>');
    return verifyJwt(token);
  };
}
