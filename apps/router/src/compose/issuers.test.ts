import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT, type JWK } from 'jose';
import {
  audience,
  issuer,
  makeKeyPair,
  signToken,
  startIssuer,
  validClaims,
  type Issuer,
  type KeyPair,
} from '../callers/auth/jwt/issuer.fixture.ts';
import { openWith } from './authentication.fixture.ts';

let host: Issuer;
let rsa: KeyPair;
let ec: KeyPair;
let ed: KeyPair;
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
beforeAll(async () => {
  host = await startIssuer();
  [rsa, ec, ed] = await Promise.all([makeKeyPair('rsa', 'RS256'), makeKeyPair('ec'), makeKeyPair('ed', 'EdDSA')]);
});
afterAll(async () => host[Symbol.asyncDispose]());

const settings = (more: Record<string, string> = {}) => ({
  JWKS_URL: host.url,
  JWT_ISSUER: issuer,
  JWT_AUDIENCE: audience,
  ...more,
});

function publish(...members: unknown[]): void {
  host.answer = { status: 200, body: JSON.stringify({ keys: members }) };
}

/** A member without some of its fields, and with others. */
const member = ({ jwk }: KeyPair, more: Record<string, unknown> = {}) => ({ ...jwk, ...more });
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as JWK;
const nameless = { kid: undefined };
const sign = (key: KeyPair, header: Record<string, unknown> = {}) => signToken(key, {}, header);
const refused = (reason: string) => `401 Authorization: The token is not valid: ${reason}`;

describe('a good key in a JWKS verifies beside', () => {
  test.each<[string, unknown]>([
    ['a member with nothing but a name', { kid: 'broken' }],
    ['null', null],
    ['a number', 7],
    ['a text', 'rsa'],
    ['an RSA key without numbers', { kty: 'RSA', kid: 'x' }],
    ['a key of a type that nobody knows', { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' }],
    ['a point that is on no curve', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }],
    ['a key of a curve that JWTs do not use', { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) }],
    ['a secret', { kty: 'oct', k: 'AAAA' }],
    ['a weak key', jwkOf(weak.publicKey)],
    ['a huge number as alg', { kty: 'RSA', alg: 7 }],
  ])('%s', async (_, broken) => {
    publish(broken, rsa.jwk);
    await using router = await openWith(settings());
    expect(await router.userOf(await sign(rsa))).toBe('user:alice');
    expect(await router.metrics.text()).toMatch(/turn_router_jwks_keys\{issuer="",state="usable"\} 1/);
  });

  test('a broken one after the keys have changed', async () => {
    publish(rsa.jwk);
    await using router = await openWith(settings());
    publish({ kid: 'broken' }, ec.jwk);
    expect(await router.userOf(await sign(ec))).toBe('user:alice');
    expect(await router.metrics.text()).toMatch(/turn_router_jwks_keys\{issuer="",state="ignored"\} 1/);
    expect(router.logged.filter((line) => line.includes('"jwks.keys_ignored"'))).toHaveLength(1);
  });

  test('a key for encryption, which is no fault', async () => {
    publish(member(rsa, { alg: 'RSA-OAEP', use: 'enc', kid: 'enc' }), rsa.jwk);
    await using router = await openWith(settings());
    expect(await router.userOf(await sign(rsa))).toBe('user:alice');
    expect(router.logged.join('')).not.toContain('jwks.keys_ignored');
  });
});

describe('a token is verified', () => {
  test.each<[string, () => unknown[], () => Promise<string>]>([
    [
      'without a name, by the second key, after a weak one',
      () => [jwkOf(weak.publicKey), member(rsa, nameless)],
      () => sign(rsa, nameless),
    ],
    ['with a name, by a key without one', () => [member(rsa, nameless)], () => sign(rsa)],
    ['without a name, by a key with one', () => [ec.jwk, rsa.jwk], () => sign(rsa, nameless)],
    [
      'by the second key of the same name',
      () => [member(ed, { kid: 'rsa' }), { ...jwkOf(otherRsa.publicKey), kid: 'rsa' }, rsa.jwk],
      () => sign(rsa),
    ],
    [
      'by the last of many keys without names',
      () => [...Array.from({ length: 20 }, () => jwkOf(otherRsa.publicKey)), member(rsa, nameless)],
      () => sign(rsa, nameless),
    ],
    ['by a key with key_ops sign and verify', () => [member(rsa, { key_ops: ['sign', 'verify'] })], () => sign(rsa)],
    ['by a key with key_ops sign only', () => [member(rsa, { key_ops: ['sign'] })], () => sign(rsa)],
    ['by a key with use enc', () => [member(rsa, { alg: undefined, use: 'enc' })], () => sign(rsa)],
    ['by a key that may not be extracted', () => [member(rsa, { ext: false })], () => sign(rsa)],
    ['by a key with members of no known meaning', () => [member(rsa, { 'x5t#S256': 7, issuer: {} })], () => sign(rsa)],
    ['with the name Ed25519 (RFC 9864)', () => [ed.jwk], () => sign(ed, { alg: 'Ed25519' })],
    ['with the name EdDSA, by a key with Ed25519', () => [member(ed, { alg: 'Ed25519' })], () => sign(ed)],
  ])('%s', async (_, members, token) => {
    publish(...members());
    await using router = await openWith(settings());
    expect(await router.userOf(await token())).toBe('user:alice');
  });

  const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

  test.each(['RS384', 'RS512', 'PS384', 'PS512', 'ES384', 'ES512'])(
    'with %s, if JWT_ALGORITHMS allows it',
    async (alg) => {
      const key = await makeKeyPair('key', alg);
      publish(key.jwk);
      await using router = await openWith(settings({ JWT_ALGORITHMS: alg }));
      expect(await router.userOf(await sign(key))).toBe('user:alice');
      await using strict = await openWith(settings());
      expect(await strict.userOf(await sign(key))).toBe(refused('its signature algorithm is not accepted'));
    },
  );

  test('of each issuer in JWT_ISSUER', async () => {
    publish(rsa.jwk);
    await using router = await openWith(settings({ JWT_ISSUER: 'https://a.example.org,https://b.example.org/' }));
    for (const iss of ['https://a.example.org', 'https://b.example.org/']) {
      expect(await router.userOf(await signToken(rsa, { iss }))).toBe('user:alice');
    }
    expect(await router.userOf(await signToken(rsa, { iss: 'https://a.example.org,https://b.example.org/' }))).toBe(
      refused('its claim "iss" is missing or has an unexpected value'),
    );
  });

  test.each([9_000, 30_000])('of %d characters', async (length) => {
    publish(rsa.jwk);
    await using router = await openWith(settings());
    expect(await router.userOf(await signToken(rsa, { groups: 'g'.repeat(length) }))).toBe('user:alice');
  });
});

describe('a refusal blames', () => {
  test('the JWKS, if the key that the token names is weak', async () => {
    publish({ ...jwkOf(weak.publicKey), kid: 'weak' }, rsa.jwk);
    await using router = await openWith(settings());
    expect(await router.userOf(await sign(rsa, { kid: 'weak' }))).toBe(
      '503 The JWKS of the issuer is at fault: it has an invalid key with the name in the token: RSA key of 1024 bits: expected at least 2048 bits',
    );
  });

  test('the JWKS, if it has no usable key at all', async () => {
    publish({ kid: 'broken' }, null);
    await using router = await openWith(settings());
    expect(await router.userOf(await sign(rsa))).toBe(
      '503 The router has no keys of the issuer, because it cannot fetch the JWKS',
    );
    expect(router.logged.join('')).toContain('the response has no usable key (not a JWK');
  });

  test('the token, if its signature is wrong or its key is unknown', async () => {
    publish(rsa.jwk);
    await using router = await openWith(settings());
    const forged = await makeKeyPair('rsa', 'RS256');
    expect(await router.userOf(await sign(forged))).toBe(refused('its signature is wrong'));
    expect(await router.userOf(await sign(forged, { kid: 'new' }))).toBe(refused('it is signed with an unknown key'));
  });

  test('neither for sure, if the JWKS can no longer be fetched', async () => {
    publish(rsa.jwk);
    await using router = await openWith(settings());
    host.isDown = true;
    expect(await router.userOf(await sign(ec))).toBe(
      refused('no known key has signed it, and the router could not fetch newer keys of the issuer in time'),
    );
    host.isDown = false;
    expect(await router.userOf(await sign(rsa))).toBe('user:alice');
  });
});

describe('with several issuers', () => {
  let partner: Issuer;
  let theirs: KeyPair;
  beforeAll(async () => {
    theirs = await makeKeyPair('rsa', 'RS512');
    partner = await startIssuer(theirs);
    publish(rsa.jwk);
  });
  afterAll(async () => partner[Symbol.asyncDispose]());

  const partnerIssuer = 'https://partner.example.org';
  const entry = (more: Record<string, unknown> = {}) => ({
    name: 'partner',
    issuer: partnerIssuer,
    jwksUrl: partner.url,
    audience: 'their-app',
    algorithms: ['RS512'],
    ...more,
  });
  const theirToken = (claims: Record<string, unknown> = {}) =>
    signToken(theirs, { iss: partnerIssuer, aud: 'their-app', ...claims });

  test('equal names are different users, and the first issuer’s users keep their names', async () => {
    publish(rsa.jwk);
    await using router = await openWith(settings(), [entry()]);
    expect(await router.userOf(await sign(rsa))).toBe('user:alice');
    expect(await router.userOf(await theirToken())).toBe('issuer:partner:user:alice');
  });

  test('no issuer can sign for another one, and each has its own audience and algorithms', async () => {
    publish(rsa.jwk);
    await using router = await openWith(settings(), [entry()]);
    const wrong = refused('its signature is wrong');
    expect(await router.userOf(await signToken(theirs, { iss: issuer }))).toBe(
      refused('its signature algorithm is not accepted'),
    );
    const theirsAsOurs = await signToken({ ...theirs, alg: 'RS512' }, { iss: partnerIssuer, aud: audience });
    expect(await router.userOf(theirsAsOurs)).toBe(refused('its claim "aud" is missing or has an unexpected value'));
    const stolen = await new SignJWT({ ...validClaims, iss: partnerIssuer, aud: 'their-app' })
      .setProtectedHeader({ alg: 'RS512', kid: 'rsa' })
      .sign((await makeKeyPair('rsa', 'RS512')).privateKey);
    expect(await router.userOf(stolen)).toBe(wrong);
    for (const iss of ['https://nobody.example.org', undefined, 7, '__proto__']) {
      expect(await router.userOf(await signToken(rsa, { iss }))).toBe(
        refused('its claim "iss" is missing or has an unexpected value'),
      );
    }
  });

  test('all of them may be in the file, by a JWKS or by a public key', async () => {
    const pem = generateKeyPairSync('ed25519');
    const publicKey = pem.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await using router = await openWith({}, [
      entry({ name: undefined }),
      { name: 'own', issuer: 'own', publicKey, userClaim: 'id' },
    ]);
    expect(await router.userOf(await theirToken({ sub: 7 }))).toBe('user:7');
    const token = await new SignJWT({ iss: 'own', id: 12, exp: validClaims.exp })
      .setProtectedHeader({ alg: 'Ed25519' })
      .sign(pem.privateKey);
    expect(await router.userOf(token)).toBe('issuer:own:user:12');
  });

  test.each<[string, (value: ReturnType<typeof entry>) => unknown, string]>([
    ['no list', () => ({}), 'line 1: Invalid input: expected array, received object'],
    ['an unknown field', (value) => [{ ...value, iss: 'x' }], 'iss'],
    ['two sources of keys', (value) => [{ ...value, publicKey: 'x' }], 'Expected exactly one of jwksUrl and publicKey'],
    [
      'no source of keys',
      (value) => [{ ...value, jwksUrl: undefined }],
      'Expected exactly one of jwksUrl and publicKey',
    ],
    [
      'a URL on the network path',
      (value) => [{ ...value, jwksUrl: 'http://id.example.org/hush' }],
      'Expected an https URL',
    ],
    ['no audience', (value) => [{ ...value, audience: undefined }], 'because jwksUrl is set'],
    ['an algorithm of secrets', (value) => [{ ...value, algorithms: ['HS256'] }], 'algorithms'],
    ['a name twice', (value) => [value, { ...value, issuer: 'other' }], 'Duplicate name "partner"'],
    ['an issuer twice', (value) => [value, { ...value, name: 'other' }], `Duplicate issuer "${partnerIssuer}"`],
    [
      'two issuers without a name',
      (value) => [
        { ...value, name: undefined },
        { ...value, name: undefined, issuer: 'other' },
      ],
      'expected a name, because another issuer has none',
    ],
    ['a broken public key', (value) => [{ ...value, jwksUrl: undefined, publicKey: 'hush' }], 'Not a public key'],
  ])('%s in the file stops the start', async (_, change, fault) => {
    const opened = openWith({}, change(entry()));
    await expect(opened).rejects.toThrow(fault);
    await expect(opened).rejects.not.toThrow('hush');
  });

  test.each<[string, Record<string, string>, Record<string, unknown>, string]>([
    ['the same issuer in both places', { JWT_ISSUER: partnerIssuer }, {}, 'is also in JWT_ISSUER'],
    ['a second issuer without a name', {}, { name: undefined }, 'An issuer has no name'],
  ])('%s stops the start', async (_, more, change, fault) => {
    await expect(openWith(settings(more), [entry(change)])).rejects.toThrow(fault);
  });

  test('settings of the first issuer without its keys stop the start', async () => {
    await expect(openWith({ JWT_AUDIENCE: 'x' }, [entry()])).rejects.toThrow(
      'JWT_AUDIENCE: This setting needs one of JWKS_URL, JWT_PUBLIC_KEY, JWT_SECRET',
    );
  });
});
