/**
 * The result of reading `Authorization: Bearer <token>` (RFC 6750 §2.1).
 *
 * - `none`: there is no Bearer token. Other schemes count as `none` too, because they may be meant for a proxy in front.
 * - `malformed`: `Bearer` is not followed by exactly one token
 */
export type BearerToken =
  { readonly kind: 'token'; readonly token: string } | { readonly kind: 'none' } | { readonly kind: 'malformed' };

const none: BearerToken = { kind: 'none' };
const malformed: BearerToken = { kind: 'malformed' };

export function readBearerToken(authorization: string | undefined): BearerToken {
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) return none;
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  return token === undefined ? malformed : { kind: 'token', token };
}
