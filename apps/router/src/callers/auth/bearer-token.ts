/**
 * The result of reading `Authorization: Bearer <token>` (RFC 6750 §2.1).
 *
 * - `none`: there is no Bearer token. Other schemes count as `none` too, because they may be meant for a proxy in front.
 * - `malformed`: `Bearer` is not followed by a space and exactly one token, or there are further credentials. Such a caller wants to be known, so it
 *   never counts as anonymous
 */
export type BearerToken =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed' };

const none: BearerToken = { kind: 'none' };
const malformed: BearerToken = { kind: 'malformed' };

/** The scheme, alone or in a list. `Bearers` is another scheme: its next character belongs to a scheme name (RFC 9110 §5.6.2). */
const bearerScheme = /(?:^|,)[^!#$%&'*+.^_`|~\w,-]*bearer(?![!#$%&'*+.^_`|~\w-])/i;

/** @param authorization the field. If there are several lines, they are joined by commas, as `wholeHeadOptions` does */
export function readBearerToken(authorization: string | undefined): BearerToken {
  if (authorization === undefined || !bearerScheme.test(authorization)) return none;
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  return token === undefined ? malformed : { kind: 'token', token };
}
