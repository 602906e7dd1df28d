import { looksLikeApiKey } from '@turn-router/turn-credentials';
import type { ApiKeyCallers } from './api-keys/api-key-callers.ts';
import { invalidToken, unauthenticated } from './auth-problems.ts';
import { readBearerToken } from './bearer-token.ts';
import type { Caller } from './caller.ts';
import type { VerifyJwt } from './jwt/jwt-verifier.ts';

/** The accepted ways of authentication. */
export type AuthenticatorParts = {
  readonly anonymous: boolean;
  readonly apiKeys: Pick<ApiKeyCallers, 'callerOf'> | undefined;
  readonly verifyJwt: VerifyJwt | undefined;
};

/**
 * Authenticates a caller by the `Authorization` field. Synchronous except for JWTs, whose signature is checked outside of the event loop.
 *
 * @throws ProblemError (or rejects with it) with `unauthenticated`, `invalid_token`, `token_expired` or `auth_unavailable`
 */
export type Authenticate = (authorization: string | undefined) => Caller | Promise<Caller>;

const anonymousCaller: Caller = { kind: 'anonymous', scope: {} };

/**
 * Creates the authenticator.
 *
 * - If only anonymous callers are accepted, `Authorization` is ignored: it may be meant for a proxy in front.
 * - A token must be valid. A caller with an invalid token does not become anonymous, or it would get short-lived credentials without knowing why.
 * - A caller without a token is anonymous, if AUTH allows that.
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
      return apiKeys.callerOf(token);
    }
    if (verifyJwt === undefined) throw invalidToken('expected an API key such as tr_<id>_<secret>');
    return verifyJwt(token);
  };
}
