/**
 * What a request shows as `Authorization: Bearer <token>` (RFC 6750 §2.1); `none` without one. Another scheme counts as none: it may be for
 * a proxy in front. `malformed`: `Bearer` is not followed by one token.
 */
export type ShownToken =
  { readonly kind: 'token'; readonly token: string } | { readonly kind: 'none' } | { readonly kind: 'malformed' };

const none: ShownToken = { kind: 'none' };
const malformed: ShownToken = { kind: 'malformed' };

export function readBearerToken(authorization: string | undefined): ShownToken {
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) return none;
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  return token === undefined ? malformed : { kind: 'token', token };
}
