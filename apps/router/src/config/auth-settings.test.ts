import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Environment } from '@turn-router/settings';
import { readConfig } from './read-config.ts';

const publicKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
const placeholder = 'Has a placeholder, such as <tenant>, ${NAME} or YOUR_API: expected your own value';
const jwtSecret = 'a-secret-that-the-issuer-has-as-well';
const base: Environment = {
  POLICY_FILE: 'policy.yaml',
  TURN_SECRET: 'kJ8-first-north-secret',
  REPORTER_TOKEN: 'token-of-the-reporters',
};
const redis = { REDIS_URL: 'redis://127.0.0.1:6379' };
const jwks = {
  JWKS_URL: 'https://id.example.org/jwks.json',
  JWT_ISSUER: 'https://id.example.org',
  JWT_AUDIENCE: 'turn',
};

const anonymous = { anonymous: false, apiKeys: undefined, issuers: [] };
const usual = { audienceClaim: ['aud'], userClaim: 'sub' };
const asymmetric = ['RS256', 'PS256', 'ES256', 'EdDSA'];

describe('authentication settings', () => {
  test.each<[Environment, unknown]>([
    [{ AUTH: 'anonymous' }, { ...anonymous, anonymous: true }],
    [
      { AUTH: 'api-key', ...redis },
      { ...anonymous, apiKeys: { file: undefined } },
    ],
    [
      { AUTH: 'api-key', API_KEYS_FILE: 'keys.yaml' },
      { ...anonymous, apiKeys: { file: 'keys.yaml' } },
    ],
    [
      { AUTH: 'api-key', API_KEYS_FILE: 'keys.yaml', ...redis },
      { ...anonymous, apiKeys: { file: 'keys.yaml' } },
    ],
    [
      { AUTH: 'jwt', ...jwks },
      {
        ...anonymous,
        issuers: [
          {
            ...usual,
            jwksUrl: 'https://id.example.org/jwks.json',
            issuer: ['https://id.example.org'],
            audience: ['turn'],
            algorithms: asymmetric,
          },
        ],
      },
    ],
    [
      { AUTH: 'jwt', ...jwks, JWKS_URL: 'http://localhost:8090/jwks', JWT_AUDIENCE: 'a, b', JWT_ALGORITHMS: 'ES256' },
      {
        ...anonymous,
        issuers: [
          {
            ...usual,
            jwksUrl: 'http://localhost:8090/jwks',
            issuer: ['https://id.example.org'],
            audience: ['a', 'b'],
            algorithms: ['ES256'],
          },
        ],
      },
    ],
    [
      { AUTH: 'jwt', ...jwks, JWT_ISSUER: 'https://a.example.org, https://b.example.org' },
      { issuers: [{ issuer: ['https://a.example.org', 'https://b.example.org'] }] },
    ],
    [
      { AUTH: 'jwt', JWT_PUBLIC_KEY: publicKey },
      {
        ...anonymous,
        issuers: [{ jwksUrl: undefined, issuer: undefined, audience: undefined, algorithms: asymmetric, ...usual }],
      },
    ],
    [
      { AUTH: ' jwt , anonymous,api-key', JWT_SECRET: jwtSecret, ...redis },
      {
        anonymous: true,
        apiKeys: { file: undefined },
        issuers: [{ jwksUrl: undefined, issuer: undefined, audience: undefined, algorithms: ['HS256'], ...usual }],
      },
    ],
  ])('accepts %j', (environment, auth) => {
    expect(readConfig({ ...base, ...environment })).toMatchObject({ ok: true, config: { config: { auth } } });
  });

  const ways = 'expected anonymous, api-key or jwt, or a comma-separated list, such as api-key,jwt';
  const url = 'expected an https URL without user and password, or an http URL of this machine';
  const oneOf = 'Missing: expected one of JWKS_URL, JWT_PUBLIC_KEY, JWT_SECRET, JWT_ISSUERS_FILE, because AUTH has jwt';
  test.each<[Environment, string[]]>([
    [{}, [`AUTH: Missing: ${ways}`]],
    [{ AUTH: 'anonymous,key' }, [`AUTH: Invalid value "anonymous,key": ${ways}`]],
    [{ AUTH: ',' }, [`AUTH: Invalid value ",": ${ways}`]],
    [{ AUTH: 'api-key' }, ['API_KEYS_FILE: Missing: expected a path, because AUTH has api-key and REDIS_URL is unset']],
    [{ AUTH: 'jwt' }, [`JWKS_URL: ${oneOf}`]],
    [
      { AUTH: 'jwt', JWKS_URL: jwks.JWKS_URL },
      [
        'JWT_ISSUER: Missing: required because JWKS_URL is set; expected the value that this claim has in every token',
        'JWT_AUDIENCE: Missing: required because JWKS_URL is set; expected the value that this claim has in every token',
      ],
    ],
    [
      { AUTH: 'jwt', ...jwks, JWT_SECRET: jwtSecret, JWT_PUBLIC_KEY: publicKey },
      [
        'JWT_PUBLIC_KEY: Cannot be combined with JWKS_URL: expected only one of these settings',
        'JWT_SECRET: Cannot be combined with JWKS_URL: expected only one of these settings',
      ],
    ],
    [{ AUTH: 'jwt', ...jwks, JWKS_URL: 'http://id.example.org/hush-hush' }, [`JWKS_URL: Invalid value: ${url}`]],
    [{ AUTH: 'jwt', ...jwks, JWKS_URL: 'https://u:hush-hush@id.example.org/' }, [`JWKS_URL: Invalid value: ${url}`]],
    [{ AUTH: 'jwt', ...jwks, JWKS_URL: 'file:///etc/passwd' }, [`JWKS_URL: Invalid value: ${url}`]],
    [
      { AUTH: 'jwt', ...jwks, JWKS_URL: 'https://id.example.org/<realm>', JWT_AUDIENCE: 'turn,<client id>' },
      ['JWKS_URL', 'JWT_AUDIENCE'].map((name) => `${name}: ${placeholder}`),
    ],
    [
      { AUTH: 'jwt', ...jwks, JWT_ISSUER: 'https://a.example.org,https://YOUR_DOMAIN/', JWT_AUDIENCE: 'turn,${AUD}' },
      ['JWT_ISSUER', 'JWT_AUDIENCE'].map((name) => `${name}: ${placeholder}`),
    ],
    [{ AUTH: 'jwt', JWT_SECRET: 'hush-hush' }, ['JWT_SECRET: Invalid value: expected at least 32 characters']],
    [
      { AUTH: 'jwt', JWT_PUBLIC_KEY: 'hush-hush' },
      ['JWT_PUBLIC_KEY: Not a public key: expected PEM, from -----BEGIN PUBLIC KEY----- to its end'],
    ],
    [
      { AUTH: 'jwt', JWT_PUBLIC_KEY: publicKey, JWT_ALGORITHMS: 'ES256,HS256' },
      [
        'JWT_ALGORITHMS: Does not fit public keys: expected one or more of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519',
      ],
    ],
    [
      { AUTH: 'jwt', JWT_SECRET: jwtSecret, JWT_ALGORITHMS: 'RS256' },
      ['JWT_ALGORITHMS: Does not fit JWT_SECRET: expected one or more of HS256, HS384, HS512'],
    ],
    [
      { AUTH: 'anonymous', JWKS_URL: jwks.JWKS_URL, API_KEYS_FILE: 'x' },
      [
        'API_KEYS_FILE: This setting needs api-key in AUTH: add api-key to AUTH, or unset this setting',
        'JWKS_URL: This setting needs jwt in AUTH: add jwt to AUTH, or unset this setting',
      ],
    ],
  ])('%j stops the start', (environment, faults) => {
    const read = readConfig({ ...base, ...environment });
    expect(read.ok ? [] : read.faults.map(({ field, detail }) => `${field}: ${detail}`)).toEqual(faults);
    expect(JSON.stringify(read)).not.toContain('hush');
  });

  test.each(['none', 'HS256,none', 'RS256,'])('rejects the algorithms %j', (algorithms) => {
    const read = readConfig({ ...base, AUTH: 'jwt', JWT_PUBLIC_KEY: publicKey, JWT_ALGORITHMS: algorithms });
    expect(read.ok).toBe(algorithms === 'RS256,');
  });
});
