import { describe, expect, test } from '@jest/globals';
import { formatApiKey, hashApiKey } from '@turn-router/turn-credentials';
import { ProblemError } from '../../problem-error.ts';
import { createApiKeyCallers } from './api-keys/api-key-callers.ts';
import { createAuthenticator } from './authenticate.ts';
import type { Caller } from './caller.ts';

const newest = formatApiKey('web', Buffer.alloc(32, 1));
const older = formatApiKey('web', Buffer.alloc(32, 2));
const revoked = formatApiKey('web', Buffer.alloc(32, 3));
const unknownKey = formatApiKey('nobody', Buffer.alloc(32, 1));

const apiKeys = createApiKeyCallers({ nowMs: Date.now });
apiKeys.use(
  new Map([['web', { secrets: [newest, older].map((key) => ({ sha256: hashApiKey(key).toString('hex') })) }]]),
);
const alice: Caller = { kind: 'jwt', userId: 'alice', scope: {} };
/** Accepts every token as hers: the verifier has its own tests. */
const verifyJwt = () => Promise.resolve(alice);

const ways = {
  anonymous: { anonymous: true, apiKeys: undefined, verifyJwt: undefined },
  'api-key': { anonymous: false, apiKeys, verifyJwt: undefined },
  jwt: { anonymous: false, apiKeys: undefined, verifyJwt },
  'anonymous,api-key': { anonymous: true, apiKeys, verifyJwt: undefined },
  'anonymous,jwt': { anonymous: true, apiKeys: undefined, verifyJwt },
  'api-key,jwt': { anonymous: false, apiKeys, verifyJwt },
  'anonymous,api-key,jwt': { anonymous: true, apiKeys, verifyJwt },
} as const;

const requestWith = (authorization: string | undefined) => ({ headers: { authorization }, url: '/v1/region' });

/** `api-key web`, `jwt alice`, `anonymous`, or the code of a problem. */
async function outcome(auth: keyof typeof ways, authorization: string | undefined): Promise<string> {
  try {
    const caller = await createAuthenticator(ways[auth])(authorization, requestWith(authorization));
    switch (caller.kind) {
      case 'anonymous':
        return 'anonymous';
      case 'api-key':
        return `api-key ${caller.keyId}`;
      case 'jwt':
        return `jwt ${caller.userId}`;
    }
  } catch (error) {
    if (error instanceof ProblemError) return error.code;
    throw error;
  }
}

const basic = 'Basic dXNlcjpwYXNz';
const jwt = 'Bearer eyJhbGciOiJFUzI1NiJ9.e30.AAAA';

describe('authentication', () => {
  test.each<[auth: keyof typeof ways, nothing: string, other: string, key: string, token: string, rubbish: string]>([
    ['anonymous', 'anonymous', 'anonymous', 'anonymous', 'anonymous', 'anonymous'],
    ['api-key', 'unauthenticated', 'unauthenticated', 'api-key web', 'invalid_token', 'invalid_token'],
    ['jwt', 'unauthenticated', 'unauthenticated', 'invalid_token', 'jwt alice', 'invalid_token'],
    ['anonymous,api-key', 'anonymous', 'anonymous', 'api-key web', 'invalid_token', 'invalid_token'],
    ['anonymous,jwt', 'anonymous', 'anonymous', 'invalid_token', 'jwt alice', 'invalid_token'],
    ['api-key,jwt', 'unauthenticated', 'unauthenticated', 'api-key web', 'jwt alice', 'invalid_token'],
    ['anonymous,api-key,jwt', 'anonymous', 'anonymous', 'api-key web', 'jwt alice', 'invalid_token'],
  ])('with AUTH=%s', async (auth, nothing, other, key, token, rubbish) => {
    expect(await outcome(auth, undefined)).toBe(nothing);
    expect(await outcome(auth, basic)).toBe(other);
    expect(await outcome(auth, `Bearer ${newest}`)).toBe(key);
    expect(await outcome(auth, jwt)).toBe(token);
    expect(await outcome(auth, 'Bearer')).toBe(rubbish);
  });

  test.each([
    [`Bearer ${newest}`, 'api-key web'],
    [`Bearer ${older}`, 'api-key web'],
    [`bearer   ${newest}`, 'api-key web'],
    [`Bearer ${revoked}`, 'invalid_token'],
    [`Bearer ${unknownKey}`, 'invalid_token'],
    [`Bearer ${newest.slice(0, -1)}`, 'invalid_token'],
    [`Bearer ${newest}=`, 'invalid_token'],
    [`Bearer ${newest.replace('web', 'other')}`, 'invalid_token'],
    [`Bearer ${newest} ${newest}`, 'invalid_token'],
    [`Bearer ${newest}, Bearer ${newest}`, 'invalid_token'],
    ['Bearer tr_', 'invalid_token'],
    ['Bearer tr___proto___', 'invalid_token'],
    ['Bearer ', 'invalid_token'],
    [`Bearer\t${newest}`, 'invalid_token'],
    [`Bearer \t${newest}`, 'invalid_token'],
    [`Bearer\u00a0${newest}`, 'invalid_token'],
    [`\u00a0Bearer ${newest}`, 'invalid_token'],
    [`Bearer:${newest}`, 'invalid_token'],
    [`Bearer=${newest}`, 'invalid_token'],
    [`"Bearer ${newest}"`, 'invalid_token'],
    [`${basic}, Bearer ${newest}`, 'invalid_token'],
    [`Bearer ${newest}, ${basic}`, 'invalid_token'],
    [`${basic}, ${basic}`, 'unauthenticated'],
    [`Bearers ${newest}`, 'unauthenticated'],
    [`Not-Bearer ${newest}`, 'unauthenticated'],
    [`Bearer${newest}`, 'unauthenticated'],
    [newest, 'unauthenticated'],
    ['', 'unauthenticated'],
  ])('%j', async (authorization, expected) => {
    expect(await outcome('api-key', authorization)).toBe(expected);
  });

  test.each([`Bearer\t${newest}`, `bearer\t`, `Bearer:${newest}`, `${basic}, Bearer ${newest}`])(
    'a caller with a malformed token is not anonymous: %j',
    async (authorization) => {
      expect(await outcome('anonymous,api-key', authorization)).toBe('invalid_token');
    },
  );

  test.each([
    [`Bearer ${newest}`, 999, 'api-key web'],
    [`Bearer ${newest}`, 1000, 'token_expired'],
    [`Bearer ${revoked}`, 1000, 'invalid_token'],
  ])('with a key that expires at 1000: %j at %d', (authorization, nowMs, expected) => {
    const expiring = createApiKeyCallers({ nowMs: () => nowMs });
    const secrets = [{ sha256: hashApiKey(newest).toString('hex') }];
    expiring.use(new Map([['web', { secrets, expires_at: '1970-01-01T00:00:01Z' }]]));
    const authenticate = createAuthenticator({ ...ways['api-key'], apiKeys: expiring });
    let said: unknown;
    try {
      const caller = authenticate(authorization, requestWith(authorization));
      said = 'keyId' in caller ? `api-key ${caller.keyId}` : caller;
    } catch (error) {
      said = error instanceof ProblemError ? error.code : error;
    }
    expect(said).toBe(expected);
  });

  test('a 401 for an expired key names the expiry', () => {
    const expired = createApiKeyCallers({ nowMs: () => 1000 });
    const secrets = [{ sha256: hashApiKey(newest).toString('hex') }];
    expired.use(new Map([['web', { secrets, expires_at: '1970-01-01T00:00:01Z' }]]));
    expect(() => expired.callerWithKey(newest)).toThrow(
      expect.objectContaining({
        status: 401,
        message: 'Authorization: The API key has expired. Ask the operator for a new key',
      }),
    );
  });

  test('returns a problem with the expected form and a challenge (RFC 6750 §3)', () => {
    const authenticate = createAuthenticator(ways['api-key']);
    expect(() => authenticate(undefined, requestWith(undefined))).toThrow(
      expect.objectContaining({ status: 401, challenge: 'Bearer realm="turn-router"' }),
    );
    expect(() => authenticate(`Bearer ${revoked}`, requestWith(undefined))).toThrow(
      expect.objectContaining({
        status: 401,
        challenge: 'Bearer realm="turn-router", error="invalid_token"',
        message: 'Authorization: The token is not valid: the API key is unknown or revoked',
      }),
    );
  });

  test('answers 503 before any keys were read', () => {
    const authenticate = createAuthenticator({ ...ways['api-key'], apiKeys: createApiKeyCallers({ nowMs: Date.now }) });
    expect(() => authenticate(`Bearer ${newest}`, requestWith(undefined))).toThrow(
      expect.objectContaining({ code: 'auth_unavailable', status: 503, retryAfterSeconds: 2 }),
    );
  });
});
