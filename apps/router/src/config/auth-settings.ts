import type { FieldFault } from '@turn-router/contract/http';
import type { Settings, SettingValues } from '@turn-router/settings';
import { z } from 'zod';
import type { AuthConfig } from '../callers/auth/auth-config.ts';
import { authWays } from '../callers/auth/caller.ts';
import { readPublicKeys } from '../callers/auth/jwt/static-jwt-keys.ts';
import { listOf } from './list-of.ts';

/** Signed with a private key, so that a public one checks them. */
const publicKeyAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
/** Signed and checked with the same secret. Never beside the others: then a public key could be taken for a secret (RFC 8725 §2.1). */
const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const;

const defaultAlgorithms = { public: ['RS256', 'PS256', 'ES256', 'EdDSA'], secret: ['HS256'] } as const;

/** Who may ask. */
export const authSettings = {
  AUTH: {
    meaning:
      'Who may ask for relays, one or several ways. anonymous: everybody who can reach the public listener, with short-lived credentials; api-key: who shows a key that turnctl keys create made; jwt: who shows a token of the issuer whose keys JWKS_URL, JWT_PUBLIC_KEY or JWT_SECRET gives',
    expected: 'anonymous, api-key or jwt, or several with commas between, such as api-key,jwt',
    schema: z
      .string()
      .transform(listOf)
      .pipe(z.array(z.enum(authWays)).min(1)),
    required: true,
  },
  API_KEYS_FILE: {
    meaning: 'API keys, as turnctl keys create prints them; read again when it changes. Unset: they are in Redis',
    expected: 'a path',
    schema: z.string().min(1),
  },
  JWKS_URL: {
    meaning: 'Where the issuer of JWTs publishes its keys; fetched in the background',
    expected: 'an https URL without user and password, or an http one of this machine',
    schema: z.string().refine(isKeyUrl),
    hidden: true,
  },
  JWT_PUBLIC_KEY: {
    meaning: 'Public keys of the issuer instead of JWKS_URL, one or several',
    expected: 'PEM, from -----BEGIN PUBLIC KEY----- to its end',
    schema: z.string(),
    secret: true,
  },
  JWT_SECRET: {
    meaning: 'Secret shared with the issuer instead of JWKS_URL',
    // RFC 7518 §3.2: as long as the hash.
    expected: 'at least 32 characters',
    schema: z.string().min(32),
    secret: true,
  },
  JWT_ALGORITHMS: {
    meaning: `Algorithms by which a token may be signed; unset: ${defaultAlgorithms.public.join(',')}, with JWT_SECRET ${defaultAlgorithms.secret.join(',')}`,
    expected: `some of ${[...publicKeyAlgorithms, ...secretAlgorithms].join(', ')}, with commas between`,
    schema: z
      .string()
      .transform(listOf)
      .pipe(z.array(z.enum([...publicKeyAlgorithms, ...secretAlgorithms])).min(1)),
  },
  JWT_ISSUER: {
    meaning: 'What a token must have as iss. Needed with JWKS_URL',
    expected: 'a text',
    schema: z.string().min(1),
  },
  JWT_AUDIENCE: {
    meaning:
      'What a token must have as aud, one of several with commas between. Needed with JWKS_URL; unset: a token may have none',
    expected: 'one or more texts',
    schema: z.string().transform(listOf).pipe(z.array(z.string()).min(1)),
  },
} as const satisfies Settings;

type Values = SettingValues<typeof authSettings>;

const keySettings = ['JWKS_URL', 'JWT_PUBLIC_KEY', 'JWT_SECRET'] as const;
const jwtSettings = [...keySettings, 'JWT_ALGORITHMS', 'JWT_ISSUER', 'JWT_AUDIENCE'] as const;

/** What these settings must keep among themselves; `given` holds the names that are set, rightly or not. */
export function findAuthFaults(values: Partial<Values>, given: ReadonlySet<string>): FieldFault[] {
  const { AUTH, JWT_PUBLIC_KEY } = values;
  if (AUTH === undefined) return [];
  const publicKeys = JWT_PUBLIC_KEY === undefined ? undefined : readPublicKeys(JWT_PUBLIC_KEY);
  return [
    ...(AUTH.includes('api-key') ? findMissingPlace(given) : pointless(given, ['API_KEYS_FILE'], 'api-key')),
    ...(AUTH.includes('jwt')
      ? [...findKeyFaults(given), ...findMissingClaims(given), ...findAlgorithmFault(values, given)]
      : pointless(given, jwtSettings, 'jwt')),
    ...(publicKeys?.ok === false ? [{ field: 'JWT_PUBLIC_KEY', detail: publicKeys.fault }] : []),
  ];
}

/** Somebody believes that tokens are checked. */
function pointless(given: ReadonlySet<string>, names: readonly string[], way: string): FieldFault[] {
  return names
    .filter((name) => given.has(name))
    .map((field) => ({ field, detail: `Set although AUTH does not name ${way}: expected it there, or this unset` }));
}

function findMissingPlace(given: ReadonlySet<string>): FieldFault[] {
  if (given.has('API_KEYS_FILE') || given.has('REDIS_URL')) return [];
  return [{ field: 'API_KEYS_FILE', detail: 'Missing: expected a path, as AUTH names api-key and there is no Redis' }];
}

function findKeyFaults(given: ReadonlySet<string>): FieldFault[] {
  const [first, ...others] = keySettings.filter((name) => given.has(name));
  if (first === undefined) {
    return [
      { field: 'JWKS_URL', detail: `Missing: expected ${keySettings.join(', ')}, one of them, as AUTH names jwt` },
    ];
  }
  return others.map((field) => ({ field, detail: `Set together with ${first}: expected only one of them` }));
}

/** Whose keys are published signs for many: without these, a token for any of its other customers would do. */
function findMissingClaims(given: ReadonlySet<string>): FieldFault[] {
  if (!given.has('JWKS_URL')) return [];
  return ['JWT_ISSUER', 'JWT_AUDIENCE']
    .filter((name) => !given.has(name))
    .map((field) => ({ field, detail: 'Missing: expected what tokens must have, as JWKS_URL is set' }));
}

function findAlgorithmFault({ JWT_ALGORITHMS }: Partial<Values>, given: ReadonlySet<string>): FieldFault[] {
  const isSecret = given.has('JWT_SECRET');
  const fitting: readonly string[] = isSecret ? secretAlgorithms : publicKeyAlgorithms;
  if (JWT_ALGORITHMS?.every((algorithm) => fitting.includes(algorithm)) !== false) return [];
  const keys = isSecret ? 'JWT_SECRET' : 'public keys';
  return [{ field: 'JWT_ALGORITHMS', detail: `Not for ${keys}: expected some of ${fitting.join(', ')}` }];
}

export function authConfigFrom(values: Values): AuthConfig {
  const { AUTH, API_KEYS_FILE, JWKS_URL, JWT_SECRET, JWT_ALGORITHMS, JWT_ISSUER, JWT_AUDIENCE } = values;
  return {
    anonymous: AUTH.includes('anonymous'),
    apiKeys: AUTH.includes('api-key') ? { file: API_KEYS_FILE } : undefined,
    jwt: AUTH.includes('jwt')
      ? {
          jwksUrl: JWKS_URL,
          algorithms: JWT_ALGORITHMS ?? defaultAlgorithms[JWT_SECRET === undefined ? 'public' : 'secret'],
          issuer: JWT_ISSUER,
          audience: JWT_AUDIENCE,
        }
      : undefined,
  };
}

/** Over plain http anybody on the way could put in keys of their own. */
function isKeyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isHere)) && username + password + hash === '';
}
