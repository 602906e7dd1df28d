import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseYaml } from '@turn-router/settings';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { makeKeyPair, nowMs, startIssuer, type KeyPair } from '../callers/auth/jwt/issuer.fixture.ts';
import { openWith } from './authentication.fixture.ts';

const page = await readFile(new URL('../../docs/who-may-ask.md', import.meta.url), 'utf8');

/** The rows of the table: provider → entry of JWT_ISSUERS_FILE. */
const rows = new Map(
  [...page.matchAll(/^\| ([^|]+?) +\| `- (\{[^`]*\})` +\|$/gm)].map(([, name = '', entry = '']) => [name, entry]),
);

const entrySchema = z.looseObject({ jwksUrl: z.string() });

const seconds = nowMs / 1000;
const times = { iat: seconds - 60, exp: seconds + 3_540 };
const thumbprint = (text: string) => createHash('sha1').update(text).digest('base64url');
const certificate = { x5c: ['MIIC+zCCAeOgAwIBAgIJ'], x5t: thumbprint('certificate') };
const uuid = randomUUID();

type Provider = {
  /** The values of the placeholders in the table. */
  readonly placeholders: Readonly<Record<string, string>>;
  readonly alg?: 'ES256';
  readonly members: (key: KeyPair, other: KeyPair) => readonly unknown[];
  /** Kinds of tokens, and their claims beside the times. */
  readonly tokens: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly user: string;
};

const rsaMember = ({ jwk: { kty, n, e, kid } }: KeyPair, more: Record<string, unknown> = {}) => ({
  kty,
  n,
  e,
  kid,
  ...more,
});
const usual = { alg: 'RS256', use: 'sig' };

const keycloakToken = {
  jti: uuid,
  aud: 'account',
  sub: uuid,
  typ: 'Bearer',
  azp: 'web-app',
  sid: uuid,
  acr: '1',
  realm_access: { roles: ['offline_access', 'default-roles-app'] },
  scope: 'openid profile',
  preferred_username: 'alice',
};
const tenant = '7b0f6c1e-2f6a-4b77-9d3e-0c8f5a1d2b3c';

const providers: Readonly<Record<string, Provider>> = {
  Auth0: {
    placeholders: { tenant: 'north.eu.auth0.com', 'API identifier': 'https://turn.example.org' },
    members: (key, other) => [key, other].map((each) => rsaMember(each, { ...usual, ...certificate })),
    tokens: {
      access: {
        iss: 'https://north.eu.auth0.com/',
        sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
        aud: ['https://turn.example.org', 'https://north.eu.auth0.com/userinfo'],
        azp: 'my-client',
        scope: 'openid profile',
      },
    },
    user: 'auth0|5f7c8ec7c33c6c004bbafe82',
  },
  Keycloak: {
    placeholders: { host: 'id.example.org', 'internal host': 'keycloak:8080', realm: 'app', 'client id': 'web-app' },
    members: (key, other) => [
      rsaMember(other, { alg: 'RSA-OAEP', use: 'enc', ...certificate }),
      rsaMember(key, { ...usual, ...certificate, 'x5t#S256': thumbprint('other') }),
    ],
    tokens: {
      'of its public host name': { iss: 'https://id.example.org/realms/app', ...keycloakToken },
      'of its internal host name': { iss: 'http://keycloak:8080/realms/app', ...keycloakToken },
    },
    user: uuid,
  },
  'Amazon Cognito': {
    placeholders: { region: 'eu-central-1', pool: 'eu-central-1_aBcDeFgHi', 'client id': '1example23456789' },
    members: (key, other) => [key, other].map((each) => rsaMember(each, usual)),
    tokens: {
      access: {
        iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_aBcDeFgHi',
        sub: uuid,
        client_id: '1example23456789',
        token_use: 'access',
        scope: 'aws.cognito.signin.user.admin',
        username: 'alice',
        'cognito:groups': ['callers'],
      },
      id: {
        iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_aBcDeFgHi',
        sub: uuid,
        aud: '1example23456789',
        token_use: 'id',
        'cognito:username': 'alice',
        email_verified: true,
      },
    },
    user: uuid,
  },
  Firebase: {
    placeholders: { project: 'north-calls' },
    members: (key, other) => [key, other].map((each) => rsaMember(each, usual)),
    tokens: {
      id: {
        iss: 'https://securetoken.google.com/north-calls',
        aud: 'north-calls',
        auth_time: seconds - 60,
        user_id: 'Xy7uZ1aB2cD3',
        sub: 'Xy7uZ1aB2cD3',
        firebase: { identities: {}, sign_in_provider: 'anonymous' },
      },
    },
    user: 'Xy7uZ1aB2cD3',
  },
  Supabase: {
    placeholders: { project: 'abcdefghijklmnopqrst' },
    alg: 'ES256',
    members: ({ jwk: { crv, kty, x, y, kid } }) => [
      { alg: 'ES256', crv, ext: true, key_ops: ['verify'], kid, kty, use: 'sig', x, y },
    ],
    tokens: {
      access: {
        iss: 'https://abcdefghijklmnopqrst.supabase.co/auth/v1',
        sub: uuid,
        aud: 'authenticated',
        role: 'authenticated',
        aal: 'aal1',
        amr: [{ method: 'password', timestamp: seconds }],
        session_id: uuid,
        is_anonymous: false,
      },
    },
    user: uuid,
  },
  'Microsoft Entra': {
    placeholders: { 'tenant id': tenant, 'client id': '11112222-aaaa-4bbb-8ccc-333344445555' },
    members: (key, other) =>
      [other, key].map((each) =>
        rsaMember(each, { use: 'sig', ...certificate, issuer: `https://login.microsoftonline.com/${tenant}/v2.0` }),
      ),
    tokens: {
      'access (v2.0)': {
        iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
        aud: '11112222-aaaa-4bbb-8ccc-333344445555',
        azp: '11112222-aaaa-4bbb-8ccc-333344445555',
        oid: uuid,
        sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
        tid: tenant,
        ver: '2.0',
      },
      'access (v1.0)': {
        iss: `https://sts.windows.net/${tenant}/`,
        aud: 'api://11112222-aaaa-4bbb-8ccc-333344445555',
        appid: '11112222-aaaa-4bbb-8ccc-333344445555',
        oid: uuid,
        sub: 'BBBBBBBBBBBBBBBBBBBBBIkzqFVrSaSaFHy782bbtaQ',
        tid: tenant,
        ver: '1.0',
      },
    },
    user: uuid,
  },
  Okta: {
    placeholders: { org: 'north.okta.com' },
    members: (key, other) => [key, other].map((each) => rsaMember(each, usual)),
    tokens: {
      access: {
        ver: 1,
        jti: 'AT.abc',
        iss: 'https://north.okta.com/oauth2/default',
        aud: 'api://default',
        cid: '0oa1client',
        uid: '00u1user',
        scp: ['openid'],
        auth_time: seconds - 60,
        sub: 'alice@example.org',
      },
    },
    user: '00u1user',
  },
};

let rsa: KeyPair;
let other: KeyPair;
let ec: KeyPair;
beforeAll(async () => {
  [rsa, other, ec] = await Promise.all([
    makeKeyPair('a-1', 'RS256'),
    makeKeyPair('b-2', 'RS256'),
    makeKeyPair(uuid, 'ES256'),
  ]);
});

/** The entry of the table with its placeholders filled in. */
function entryOf(row: string, placeholders: Readonly<Record<string, string>>) {
  const filled = row.replaceAll(/<([^>]+)>/g, (_, name: string) => {
    const value = placeholders[name];
    if (value === undefined) throw new Error(`the table has the placeholder <${name}>, which the test does not know`);
    return value;
  });
  const parsed = parseYaml(filled, entrySchema);
  if (!parsed.ok) throw new Error(`${filled}: ${parsed.faults[0]?.detail}`);
  return parsed.value;
}

const cases = Object.entries(providers).flatMap(([name, { tokens }]) =>
  Object.keys(tokens).map((kind) => [name, kind] as const),
);

describe('docs/who-may-ask.md', () => {
  test('names the settings for each of these providers', () => {
    expect([...rows.keys()]).toEqual(Object.keys(providers));
  });

  test.each(cases)('names settings that verify a token of %s: %s', async (name, kind) => {
    const provider = providers[name];
    if (provider === undefined) throw new Error(`no provider ${name}`);
    const key = provider.alg === 'ES256' ? ec : rsa;
    const entry = entryOf(rows.get(name) ?? '', provider.placeholders);
    const documented = new URL(entry.jwksUrl);
    await using host = await startIssuer();
    host.answer = { status: 200, body: JSON.stringify({ keys: provider.members(key, other) }) };
    host.path = documented.pathname + documented.search;
    await using router = await openWith({}, [{ ...entry, jwksUrl: new URL(host.path, host.url).href }]);
    const token = (claims: object) =>
      new SignJWT({ ...provider.tokens[kind], ...times, ...claims })
        .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
        .sign(key.privateKey);
    expect(documented.protocol).toBe('https:');
    expect(await router.userOf(await token({}))).toBe(`user:${provider.user}`);
    const audienceClaims = { aud: 'another', azp: 'another', client_id: 'another' };
    expect(await router.userOf(await token(audienceClaims))).toMatch(/^401 .*its claim "(aud|azp|client_id)"/);
    expect(await router.userOf(await token({ iss: 'https://another.example.org' }))).toMatch(/^401 .*its claim "iss"/);
  });
});
