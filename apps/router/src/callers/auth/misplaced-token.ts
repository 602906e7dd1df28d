import type { IncomingHttpHeaders } from 'node:http';
import { containsApiKey, looksLikeApiKey } from '@turn-router/turn-credentials';

/** The parts of a request in which a key or token can be misplaced. */
export type ShownRequest = { readonly headers: IncomingHttpHeaders; readonly url?: string | undefined };

/** The kinds of tokens that this router accepts. It looks only for these. */
export type AcceptedTokens = { readonly apiKeys: boolean; readonly jwts: boolean };

/** Header fields for a key or token, here or in other systems, without `X-` in front. */
const tokenFieldNames = [
  'api-key',
  'apikey',
  'api-token',
  'token',
  'access-token',
  'auth-token',
  'id-token',
  'user-token',
  'jwt',
  'jwt-token',
  'auth',
  'bearer',
  'bearer-token',
] as const;

/** Header fields in which a key or token is certainly misplaced. A proxy does not add them. */
const tokenFields: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'x-authorization',
  ...[...tokenFieldNames, ...tokenFieldNames.map((name) => name.replaceAll('-', '_'))].flatMap((name) => [
    name,
    `x-${name}`,
  ]),
]);

/** Header fields that hold what others have set: the page, and its address. */
const ignoredFields: ReadonlySet<string> = new Set(['cookie', 'referer']);

/** Names of query parameters that other systems use for a token, in lower case and without "_" and "-". */
const tokenParameters: ReadonlySet<string> = new Set(['key', 'apikey', 'token', 'accesstoken', 'jwt']);

/** A field name that can be shown: it cannot hold a key, because every key contains "_". */
const shownFieldName = /^[a-z0-9-]{1,40}$/;

/** What a raw query contains if it may contain a key or a JWT, possibly encoded. Most queries contain none of these. */
const mayHoldToken = /tr_|eyJ|%/;

/**
 * Finds an API key or a JWT in the wrong place of a request that has no Bearer token. Without this check, its sender would be an anonymous caller and
 * not know why. Returns the place and the right place, and never the value. A JWT in any other header is ignored, because proxies add such headers.
 * Takes linear time.
 */
export function findMisplacedToken({ headers, url }: ShownRequest, accepted: AcceptedTokens): string | undefined {
  const kindOf = (text: string, isTokenPlace: boolean, isJwtPlace = isTokenPlace): Kind | undefined => {
    if (accepted.apiKeys && (containsApiKey(text) || (isTokenPlace && looksLikeApiKey(text)))) return 'API key';
    return accepted.jwts && isJwtPlace && containsJwt(text) ? 'JWT' : undefined;
  };

  for (const field in headers) {
    if (ignoredFields.has(field)) continue;
    const value = String(headers[field]);
    const isTokenPlace = tokenFields.has(field);
    const texts = isTokenPlace ? [value, ...value.split(',').map(bareToken), ...basicParts(value)] : [value];
    const kind = texts.map((text) => kindOf(text, isTokenPlace)).find((each) => each !== undefined);
    if (kind !== undefined) return detailFor(placeOf(field), kind);
  }
  for (const [name, value] of parametersOf(url)) {
    const isTokenPlace = tokenParameters.has(name.toLowerCase().replaceAll(/[_-]/g, ''));
    const kind = kindOf(name, false, true) ?? kindOf(value, isTokenPlace, true);
    if (kind !== undefined) return `${detailFor('The query', kind)}. Replace it, because URLs are logged`;
  }
  return undefined;
}

type Kind = 'API key' | 'JWT';

function detailFor(place: string, kind: Kind): string {
  return `${place}: The ${kind} does not belong here: send "Authorization: Bearer <${kind}>"`;
}

function placeOf(field: string): string {
  if (field === 'authorization') return 'Authorization';
  return shownFieldName.test(field) ? field : 'A header';
}

/** Whether a text contains a JWT: parts in base64url with dots between them, of which the first has a JSON object (RFC 7519 §3.1). */
function containsJwt(text: string): boolean {
  if (!text.includes('eyJ')) return false;
  return text.split(/[^\w.-]/).some((word) => {
    const parts = word.split('.');
    return parts.some((part, index) => /eyJ[\w-]/.test(part) && parts[index + 1] !== '' && parts.length > index + 2);
  });
}

/** Removes a scheme in front, a parameter name and quotes: `Token tr_…`, `Token token="tr_…"` and `tr_…` are the same. */
function bareToken(text: string): string {
  return /^\s*(?:[A-Za-z][A-Za-z0-9-]{0,19}\s+)?(?:[a-z]{1,20}=)?["'<]?([^\s"'<>]+)["'>]?\s*$/.exec(text)?.[1] ?? text;
}

/** Returns user and password of `Basic` credentials (RFC 7617). */
function basicParts(authorization: string): readonly string[] {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization)?.[1];
  return encoded === undefined ? [] : Buffer.from(encoded, 'base64').toString('utf8').split(':');
}

function parametersOf(url: string | undefined): Iterable<[string, string]> {
  const start = url?.indexOf('?') ?? -1;
  const query = start < 0 ? '' : (url?.slice(start + 1) ?? '');
  return mayHoldToken.test(query) ? new URLSearchParams(query) : [];
}
