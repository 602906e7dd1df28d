import { looksLikeApiKey } from '@turn-router/turn-credentials';
import type { ApiKeyCallers } from './api-keys/api-key-callers.ts';
import { invalidToken, unauthenticated } from './auth-problems.ts';
import { readBearerToken } from './bearer-token.ts';
import type { Caller } from './caller.ts';
import type { VerifyJwt } from './jwt/jwt-verifier.ts';

/** The ways that are open. */
export type AuthenticatorParts = {
  readonly anonymous: boolean;
  readonly apiKeys: Pick<ApiKeyCallers, 'callerOf'> | undefined;
  readonly verifyJwt: VerifyJwt | undefined;
};

/**
 * Says who asks, by the request's `Authorization`. At once but for JWTs, whose signature is checked beside the event loop.
 *
 * @throws ProblemError (or rejects with it) with `unauthenticated`, `invalid_token`, `token_expired` or `auth_unavailable`
 */
export type Authenticate = (authorization: string | undefined) => Caller | Promise<Caller>;

const anonymousCaller: Caller = { kind: 'anonymous', scope: {} };

/**
 * - Where tokens mean nothing, whatever is shown (perhaps to a proxy in front) is passed over.
 * - A token that is shown must be right: nobody is taken for anonymous for having a wrong one, and wonders at a short-lived credential.
 * - Without one: anonymous, where that is allowed.
 */
export function createAuthenticator({ anonymous, apiKeys, verifyJwt }: AuthenticatorParts): Authenticate {
  if (apiKeys === undefined && verifyJwt === undefined && anonymous) return () => anonymousCaller;
  return (authorization) => {
    const shown = readBearerToken(authorization);
    if (shown.kind === 'none') {
      if (anonymous) return anonymousCaller;
      throw unauthenticated();
    }
    if (shown.kind === 'malformed') throw invalidToken('expected "Bearer <token>"');
    const { token } = shown;
    if (looksLikeApiKey(token)) {
      if (apiKeys === undefined) throw invalidToken('API keys are not accepted here');
      return apiKeys.callerOf(token);
    }
    if (verifyJwt === undefined) throw invalidToken('expected an API key such as tr_<id>_<secret>');
    return verifyJwt(token);
  };
}
