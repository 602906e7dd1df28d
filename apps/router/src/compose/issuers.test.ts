import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JWK } from 'jose';
import {
  audience,
  issuer,
  makeKeyPair,
  signToken,
  startIssuer,
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
