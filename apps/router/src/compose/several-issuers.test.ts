import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import { SignJWT } from 'jose';
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

const placeholder = 'Has a placeholder, such as <tenant>, ${NAME} or YOUR_API: expected your own value';
const refused = (reason: string) => `401 Authorization: The token is not valid: ${reason}`;

describe('with several issuers', () => {
  let host: Issuer;
  let rsa: KeyPair;
  let partner: Issuer;
  let theirs: KeyPair;
  beforeAll(async () => {
    theirs = await makeKeyPair('rsa', 'RS512');
    partner = await startIssuer(theirs);
    rsa = await makeKeyPair('rsa', 'RS256');
    host = await startIssuer(rsa);
  });
  afterAll(async () => {
    await partner?.[Symbol.asyncDispose]();
    await host?.[Symbol.asyncDispose]();
  });

  const settings = (more: Record<string, string> = {}) => ({
    JWKS_URL: host.url,
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    ...more,
  });
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
    await using router = await openWith(settings(), [entry()]);
    expect(await router.userOf(await signToken(rsa))).toBe('user:alice');
    expect(await router.userOf(await theirToken())).toBe('issuer:partner:user:alice');
  });

  test('no issuer can sign for another one, and each has its own audience and algorithms', async () => {
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

  test('the keys of each survive a restart while its host is down', async () => {
    await using state = await temporaryDirectory('issuers');
    const open = () => openWith(settings(), [entry()], state.path);
    await (await open())[Symbol.asyncDispose]();
    host.isDown = true;
    partner.isDown = true;
    await using restarted = await open();
    host.isDown = false;
    partner.isDown = false;
    expect(await restarted.userOf(await signToken(rsa))).toBe('user:alice');
    expect(await restarted.userOf(await theirToken())).toBe('issuer:partner:user:alice');
  });

  test.each<[string, (value: ReturnType<typeof entry>) => unknown, string]>([
    ['no list', () => ({}), 'line 1: Expected a list of issuers: begin each with "- "'],
    ['null', () => null, 'line 1: Expected a list of issuers: begin each with "- "'],
    [
      'an audience that is a placeholder',
      (value) => [{ ...value, audience: '<API identifier>' }],
      `[0].audience[0]: ${placeholder}`,
    ],
    [
      'a placeholder in a list',
      (value) => [{ ...value, issuer: ['https://a.example.org', 'https://<host>/realms/north'] }],
      `issuer[1]: ${placeholder}`,
    ],
    [
      'a placeholder in a URL',
      (value) => [{ ...value, jwksUrl: 'https://id.example.org/<realm>/keys' }],
      `jwksUrl: ${placeholder}`,
    ],
    [
      'an audience that is a variable',
      (value) => [{ ...value, audience: '${AUD}' }],
      `[0].audience[0]: ${placeholder}`,
    ],
    ['an audience of a guide', (value) => [{ ...value, audience: 'YOUR_API' }], `[0].audience[0]: ${placeholder}`],
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
      '[1].name: Missing: expected a name, because another issuer has none',
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
