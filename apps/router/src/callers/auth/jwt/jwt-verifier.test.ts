import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { ProblemError } from '../../../problem-error.ts';
import { audience, makeKeyPair, nowMs, rules, signToken, validClaims, type KeyPair } from './issuer.fixture.ts';
import { createJwtVerifier, type TrustedIssuer } from './jwt-verifier.ts';
import { readPublicKeys, sharedJwtSecret, staticJwtKeys } from './static-jwt-keys.ts';

const nowSeconds = nowMs / 1000;
const secret = 'a-secret-that-the-issuer-has-as-well';
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

let rsa: KeyPair;
let ec: KeyPair;
let stranger: KeyPair;
beforeAll(async () => {
  [rsa, ec, stranger] = await Promise.all([makeKeyPair('rsa', 'RS256'), makeKeyPair('ec'), makeKeyPair('ec')]);
});

const verifierWith = (parts: Partial<TrustedIssuer> = {}) =>
  createJwtVerifier([{ ...rules, keys: staticJwtKeys([rsa.jwk, ec.jwk]), ...parts }], () => nowMs);

/** Code, status and detail of the problem that a token ends in. */
async function problemOf(token: string, parts?: Partial<TrustedIssuer>) {
  try {
    await verifierWith(parts)(token);
  } catch (error) {
    if (error instanceof ProblemError) return [error.code, error.status, error.message];
    throw error;
  }
  return ['accepted'];
}

const invalid = (reason: string) => ['invalid_token', 401, `Authorization: The token is not valid: ${reason}`];

describe('a valid token', () => {
  test.each<[string, () => Promise<string>, object]>([
    ['of an RSA key', () => signToken(rsa), { kind: 'jwt', userId: 'alice', scope: {} }],
    ['of an EC key', () => signToken(ec), { kind: 'jwt', userId: 'alice', scope: {} }],
    ['for several audiences', () => signToken(ec, { aud: ['x', audience] }), { userId: 'alice' }],
    ['that ended within the leeway', () => signToken(ec, { exp: nowSeconds - 29 }), { userId: 'alice' }],
    ['that begins within the leeway', () => signToken(ec, { nbf: nowSeconds + 29 }), { userId: 'alice' }],
    ['of a user with a number', () => signToken(ec, { sub: 7 }), { userId: '7' }],
    ['as long as the head of a request allows', () => signToken(ec, { x: 'x'.repeat(22_000) }), { userId: 'alice' }],
    ['for one call', () => signToken(ec, { turn_call: 'c-1' }), { callId: 'c-1' }],
    ['for one region', () => signToken(ec, { turn_region: 'eu-1' }), { scope: { regions: new Set(['eu-1']) } }],
    [
      'for several regions',
      () => signToken(ec, { turn_region: ['eu-1', 'us-1'] }),
      { scope: { regions: new Set(['eu-1', 'us-1']) } },
    ],
  ])('identifies its user: %s', async (_, token, caller) => {
    expect(await verifierWith()(await token())).toMatchObject(caller);
  });

  test('may be signed with any of several keys for its algorithm', async () => {
    const keys = staticJwtKeys([stranger.jwk, ec.jwk]);
    expect(await verifierWith({ keys })(await signToken(ec))).toMatchObject({ userId: 'alice' });
    expect(await verifierWith({ keys })(await signToken(stranger))).toMatchObject({ userId: 'alice' });
  });

  test('may be signed with a shared secret', async () => {
    const token = await new SignJWT(validClaims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
    const parts = { keys: sharedJwtSecret(secret), algorithms: ['HS256'] };
    expect(await verifierWith(parts)(token)).toMatchObject({ userId: 'alice' });
    expect(await problemOf(token, { ...parts, keys: sharedJwtSecret(`${secret}!`) })).toEqual(
      invalid('its signature is wrong'),
    );
  });
});

/** An RS256 token made over to HS256, by the public key as everybody has it. */
function confusedToken(header: Record<string, unknown> = {}): string {
  const pem = createPublicKey({ key: { ...rsa.jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const signed = `${base64url({ alg: 'HS256', kid: 'rsa', ...header })}.${base64url(validClaims)}`;
  return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
}

const notAccepted = invalid('its signature algorithm is not accepted');
const badSignature = invalid('its signature is wrong');
const noJwt = invalid('expected a signed JWT');
const claim = (name: string) => invalid(`its claim "${name}" is missing or has an unexpected value`);
const unusable = (name: string) => invalid(`its claim "${name}" has an invalid value`);

describe('a token is refused', () => {
  test.each<[string, () => string | Promise<string>, unknown[]]>([
    ['without a signature', () => new UnsecuredJWT(validClaims).encode(), notAccepted],
    ['with alg None', () => `${base64url({ alg: 'None' })}.${base64url(validClaims)}.`, notAccepted],
    ['with its signature cut off', async () => (await signToken(ec)).replace(/[^.]+$/, ''), badSignature],
    ['with HS256 by the public key', () => confusedToken(), notAccepted],
    ['of a key with the same kid', () => signToken(stranger), badSignature],
    ['with a changed claim', async () => swapClaims(await signToken(ec), { sub: 'bob' }), badSignature],
    [
      'with another algorithm in its header',
      async () => swapHeader(await signToken(ec), { alg: 'RS256' }),
      badSignature,
    ],
    ['with a key of its own', async () => signToken(stranger, {}, { jwk: stranger.jwk }), badSignature],
    [
      'with a file as its kid',
      async () => swapHeader(await signToken(ec), { alg: 'ES256', kid: '../../dev/null' }),
      badSignature,
    ],
    ['with an unknown critical field', () => signToken(ec, {}, { crit: ['x'], x: 1 }).catch(() => critical()), noJwt],
    ['for another audience', () => signToken(ec, { aud: 'mail' }), claim('aud')],
    ['for no audience', () => signToken(ec, { aud: undefined }), claim('aud')],
    ['of another issuer', () => signToken(ec, { iss: 'https://evil.example.org' }), claim('iss')],
    ['of no issuer', () => signToken(ec, { iss: undefined }), claim('iss')],
    ['without an end', () => signToken(ec, { exp: undefined }), claim('exp')],
    ['with an end that is no number', () => signToken(ec, { exp: '2100' }), claim('exp')],
    ['that does not yet count', () => signToken(ec, { nbf: nowSeconds + 31 }), claim('nbf')],
    ['without sub', () => signToken(ec, { sub: undefined }), claim('sub')],
    ['of an empty name', () => signToken(ec, { sub: '' }), unusable('sub')],
    ['of a name with a line break', () => signToken(ec, { sub: 'a\nb' }), unusable('sub')],
    ['of a broken number', () => signToken(ec, { sub: 7.5 }), unusable('sub')],
    ['of a number that JSON cannot hold exactly', () => signToken(ec, { sub: 2 ** 53 }), unusable('sub')],
    ['for something that is no region', () => signToken(ec, { turn_region: '../eu' }), unusable('turn_region')],
    ['for no region at all', () => signToken(ec, { turn_region: [] }), unusable('turn_region')],
    ['with an invalid turn_call', () => signToken(ec, { turn_call: {} }), unusable('turn_call')],
    ['that is no JWT', () => 'abc', noJwt],
    ['in five parts', () => 'a.b.c.d.e', noJwt],
    ['of a claims set that is no object', () => signedText(ec, '[]'), noJwt],
  ])('%s', async (_, token, problem) => {
    expect(await problemOf(await token())).toEqual(problem);
  });

  test('with token_expired when it has expired', async () => {
    expect(await problemOf(await signToken(ec, { exp: nowSeconds - 31 }))).toEqual([
      'token_expired',
      401,
      'Authorization: The token has expired. Get a new token',
    ]);
  });

  test('when it has an audience and the router has none', async () => {
    expect(await problemOf(await signToken(ec), { audience: undefined })).toEqual(
      invalid('its claim "aud" is not as expected'),
    );
    expect(await problemOf(await signToken(ec, { aud: undefined }), { audience: undefined })).toEqual(['accepted']);
  });
});

function swapClaims(token: string, claims: object): string {
  const [header, , signature] = token.split('.');
  return [header, base64url({ ...validClaims, ...claims }), signature].join('.');
}

function swapHeader(token: string, header: object): string {
  return [base64url(header), ...token.split('.').slice(1)].join('.');
}

/** jose signs none such. */
function critical(): string {
  return `${base64url({ alg: 'ES256', crit: ['x'], x: 1 })}.${base64url(validClaims)}.AAAA`;
}

async function signedText({ privateKey }: KeyPair, text: string): Promise<string> {
  const { CompactSign } = await import('jose');
  return new CompactSign(Buffer.from(text)).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
}

const pemOf = (key: KeyPair) =>
  createPublicKey({ key: { ...key.jwk }, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();

describe('public keys in PEM', () => {
  test('are accepted, one or several', async () => {
    const read = readPublicKeys(`${pemOf(rsa)}\n${pemOf(ec)}`);
    if (!read.ok) throw new Error(read.fault);
    const keys = staticJwtKeys(read.keys);
    for (const key of [rsa, ec]) {
      expect(await verifierWith({ keys })(await signToken(key))).toMatchObject({ userId: 'alice' });
    }
  });

  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const rsaWithExponent1 = {
    ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
    e: 'AQ',
  };
  const notPublic = 'Not a public key: expected PEM, from -----BEGIN PUBLIC KEY----- to its end';
  test.each([
    ['nothing', '', notPublic],
    ['words', 'public', notPublic],
    ['a private key', weak.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), notPublic],
    ['more than keys', `${weak.publicKey.export({ type: 'spki', format: 'pem' }).toString()}x`, notPublic],
    [
      'rubbish in PEM',
      '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
      'Unreadable public key: expected RSA, EC or Ed25519 in PEM',
    ],
    [
      'a key of an unsupported type',
      generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString(),
      'Unsupported key: expected RSA, EC or Ed25519',
    ],
    [
      'an RSA key with the exponent 1',
      createPublicKey({ key: { ...rsaWithExponent1 }, format: 'jwk' })
        .export({ type: 'spki', format: 'pem' })
        .toString(),
      'RSA key with the exponent 1: expected at least 3',
    ],
    [
      'a weak key',
      weak.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'RSA key of 1024 bits: expected at least 2048 bits',
    ],
  ])('%s is refused', (_, text, fault) => {
    expect(readPublicKeys(text)).toEqual({ ok: false, fault });
  });
});
