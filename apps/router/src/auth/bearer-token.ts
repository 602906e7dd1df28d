import { invalidToken } from './auth-problems.ts';

/**
 * The token that a request shows (RFC 6750 §2.1); undefined when it shows none. Another scheme is none: it is a proxy's business.
 *
 * @throws ProblemError `invalid_token` when `Bearer` is not followed by one token
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) return undefined;
  const token = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1];
  if (token === undefined) throw invalidToken('expected "Bearer <token>"');
  return token;
}
