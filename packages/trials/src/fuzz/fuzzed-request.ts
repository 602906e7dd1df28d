import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { oddJson, oddText, oddValue } from './odd-value.ts';
import type { Api, FuzzedOperation } from './open-api.ts';
import { plausibleValue, type Hints } from './plausible-value.ts';

export type FuzzedRequest = {
  readonly method: string;
  /** Path with the query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Whether the body is sent with `Transfer-Encoding: chunked`. */
  readonly isChunked: boolean;
  /** The operation that must answer; undefined if the method or path matches no operation. */
  readonly operation: FuzzedOperation | undefined;
};

/** Values that the fuzzer needs to send plausible requests to the router. */
export type FuzzKnowledge = {
  readonly hints: Hints;
  /** One valid token for each security scheme, by the name of the scheme. */
  readonly tokens: Readonly<Record<string, string>>;
};

/** Draws requests to every operation of an API with equal probability. Half of them are plausible, the other half have faults. */
export function fuzzedRequest(api: Api, knowledge: FuzzKnowledge): fc.Arbitrary<FuzzedRequest> {
  return fc.oneof(...api.operations.map((operation) => requestOf(operation, api, knowledge)));
}

function requestOf(
  operation: FuzzedOperation,
  { document }: Api,
  { hints, tokens }: FuzzKnowledge,
): fc.Arbitrary<FuzzedRequest> {
  const allTokens = Object.values(tokens);
  const validTokens = operation.security.map((scheme) => (scheme === undefined ? undefined : tokenOf(scheme, tokens)));
  const { method, path, parameters, bodySchema } = operation;
  const placed = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const valueOf = ({ name, schema = {} }: FuzzedOperation['parameters'][number]) => {
    const known = hints[name];
    const plausible = known === undefined ? plausibleValue(schema, document, hints) : fc.constantFrom(...known);
    return often(plausible, fc.oneof(oddText, oddValue)).map((value) => [name, textOf(value)] as const);
  };
  const pathValues = fc.tuple(...placed('path').map(valueOf));
  const query: fc.Arbitrary<readonly (readonly [name: string, value: string])[]> = often(
    fc.subarray(placed('query')).chain((some) => fc.tuple(...some.map(valueOf))),
    fc.oneof(
      fc.array(fc.tuple(fc.oneof(fc.constantFrom('__proto__', 'a[]'), oddText), oddText), { maxLength: 3 }),
      // Each parameter twice.
      fc.tuple(...placed('query').flatMap((each) => [valueOf(each), valueOf(each)])),
    ),
  );
  const body = bodySchema === undefined ? fc.constant('') : plausibleValue(bodySchema, document, hints).map(jsonOf);
  return fc
    .record({
      method: often(fc.constant(method), fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS')),
      pathValues,
      query,
      pathSuffix: often(fc.constant(''), fc.constantFrom('/', '/x', '%', '%00', ';x', '//')),
      body: often(body, fc.oneof(brokenBody(body), oddJson)),
      encoding: often(fc.constant('identity'), fc.constantFrom('gzip', 'br', 'gzip, br', 'x')),
      contentType: often(fc.constant('application/json'), oddContentType),
      token: often(fc.constantFrom(...validTokens), fc.constantFrom(...allTokens)).map((token) =>
        token === undefined ? undefined : `Bearer ${token}`,
      ),
      oddToken: often(fc.constant(undefined), oddToken(allTokens)),
      otherHeaders: fc.subarray(otherHeaders, { maxLength: 2 }),
      isChunked: often(fc.constant(false), fc.constant(true)),
    })
    .map((drawn) => {
      const asked = drawn.pathValues.reduce(
        (text, [name, value]) => text.replace(`{${name}}`, () => escaped(value)),
        path,
      );
      const search = drawn.query.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');
      const isChanged =
        drawn.method !== method || drawn.pathSuffix !== '' || drawn.pathValues.some(([, v]) => v === '');
      const token = drawn.oddToken ?? drawn.token;
      const content = encoded(drawn.body, drawn.encoding);
      return {
        method: drawn.method,
        path: `${asked}${drawn.pathSuffix}${search === '' ? '' : `?${search}`}`,
        headers: [
          ...(content.length === 0 ? [] : ([['Content-Type', drawn.contentType]] as const)),
          ...(drawn.encoding === 'identity' ? [] : ([['Content-Encoding', drawn.encoding]] as const)),
          ...(token === undefined ? [] : ([['Authorization', token]] as const)),
          ...drawn.otherHeaders,
        ],
        body: content,
        isChunked: drawn.isChunked && content.length > 0,
        operation: isChanged ? undefined : operation,
      };
    });
}

/** Returns the token of a scheme. Throws for a new scheme without a token, because its operations would never get an authorized request. */
function tokenOf(scheme: string, tokens: FuzzKnowledge['tokens']): string {
  const token = tokens[scheme];
  if (token === undefined)
    throw new Error(`the fuzzer has no token for the security scheme ${scheme}: add one to FuzzKnowledge.tokens`);
  return token;
}

/** Draws `usual` in 11 of 12 cases. A request has several such parts, so about half of all requests have no fault at all. */
function often<A, B>(usual: fc.Arbitrary<A>, rare: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof<[fc.WeightedArbitrary<A>, fc.WeightedArbitrary<B>]>(
    { weight: 11, arbitrary: usual },
    { weight: 1, arbitrary: rare },
  );
}

/** Draws a plausible body with one field added, replaced or missing. */
function brokenBody(body: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(body, fc.nat(), fc.oneof(oddValue, fc.constant(undefined)), oddText)
    .map(([text, at, value, extra]) => {
      const parsed: unknown = text === '' ? {} : JSON.parse(text);
      if (typeof parsed !== 'object' || parsed === null) return jsonOf(value);
      const names = [...Object.keys(parsed), extra];
      return jsonOf({ ...parsed, [names[at % names.length] ?? extra]: value });
    });
}

const oddContentType = fc.constantFrom(
  'text/plain',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/problem+json',
  ';',
  '',
);

/** Draws invalid `Authorization` headers: damaged tokens, malformed ones, another scheme, huge tokens, and an unsigned JWT. */
function oddToken(tokens: readonly string[]): fc.Arbitrary<string> {
  const unsigned = `${base64url({ alg: 'none' })}.${base64url({ sub: 'mallory', exp: 4e9 })}.`;
  return fc.oneof(
    fc.constantFrom('', 'Bearer', 'Bearer ', 'Bearer a b', 'Basic eDp5', 'bearer x', `Bearer ${unsigned}`, 'Bearer ..'),
    fc.constantFrom(100, 8_192, 8_193, 20_000).map((length) => `Bearer ${'x'.repeat(length)}`),
    fc
      .tuple(fc.constantFrom(...tokens), fc.nat())
      .map(([token, at]) => `Bearer ${token.slice(0, at % token.length)}x${token.slice((at % token.length) + 1)}y`),
    fc.stringMatching(/^[\x21-\x7e]{0,60}$/),
  );
}

const otherHeaders: (readonly [string, string])[] = [
  ['Origin', 'https://app.example.org'],
  ['Origin', 'null'],
  ['X-Forwarded-For', '1.1.1.1, 2.2.2.2'],
  ['X-Forwarded-For', ',,,unknown'],
  ['Forwarded', 'for=1.1.1.1'],
  ['Access-Control-Request-Method', 'DELETE'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Original-URL', '/metrics'],
  ['If-None-Match', '*'],
  ['Range', 'bytes=0-1'],
  ['Accept', 'text/html'],
  ['Accept-Encoding', 'gzip'],
  ['Cookie', 'a=b'],
  ['Upgrade', 'websocket'],
  ['X-Request-Id', 'mine'],
];

function encoded(text: string, encoding: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return bytes;
  if (encoding === 'gzip') return gzipSync(bytes);
  return encoding === 'br' ? brotliCompressSync(bytes) : bytes;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : jsonOf(value);
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

/** Escapes text for a URL. Text that URLs cannot represent becomes `%ff`, which a server cannot decode. */
function escaped(text: string): string {
  return /\p{Surrogate}/u.test(text) ? '%ff' : encodeURIComponent(text);
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
