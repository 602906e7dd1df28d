import type { FieldFault } from '@turn-router/contract/http';
import type { Settings, SettingValues } from '@turn-router/settings';
import { z } from 'zod';
import type { AuthConfig } from '../callers/auth/auth-config.ts';
import { authWays } from '../callers/auth/caller.ts';
import { readPublicKeys } from '../callers/auth/jwt/static-jwt-keys.ts';
import { listOf } from './list-of.ts';

/** Algorithms that sign with a private key and check with its public key. */
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
/**
 * Algorithms that sign and check with the same secret. They are never accepted together with the others: an attacker could use a public key as the
 * secret (RFC 8725 §2.1).
 */
const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const;

const defaultAlgorithms = { public: ['RS256', 'PS256', 'ES256', 'EdDSA'], secret: ['HS256'] } as const;

/** Settings of authentication. */
export const authSettings = {
  AUTH: {
    meaning:
      'Accepted ways of authentication, one or several. anonymous: every caller that reaches the public listener is accepted, and gets short-lived credentials. api-key: the caller sends a key that turnctl keys create has made. jwt: the caller sends a token that JWKS_URL, JWT_PUBLIC_KEY or JWT_SECRET can check',
    expected: 'anonymous, api-key or jwt, or a comma-separated list, such as api-key,jwt',
    schema: z
      .string()
      .transform(listOf)
      .pipe(z.array(z.enum(authWays)).min(1)),
    required: true,
  },
  API_KEYS_FILE: {
    meaning:
      'File with API keys, as turnctl keys create prints them. The router reads it again after a change. Unset: the API keys are in Redis',
    expected: 'a path',
    schema: z.string().min(1),
  },
  JWKS_URL: {
    meaning: 'URL of the JWKS (public keys) of the token issuer. The router fetches it in the background',
    expected: 'an https URL without user and password, or an http URL of this machine',
    schema: z.string().refine(isKeyUrl),
    hidden: true,
  },
  JWT_PUBLIC_KEY: {
    meaning: 'One or several public keys of the token issuer, instead of JWKS_URL',
    expected: 'PEM, from -----BEGIN PUBLIC KEY----- to its end',
    schema: z.string(),
    secret: true,
  },
  JWT_SECRET: {
    meaning: 'Secret that the router shares with the token issuer, instead of JWKS_URL',
    // At least as long as the hash (RFC 7518 §3.2).
    expected: 'at least 32 characters',
    schema: z.string().min(32),
    secret: true,
  },
  JWT_ALGORITHMS: {
    meaning: `Accepted signature algorithms of tokens. Unset: ${defaultAlgorithms.public.join(',')}, or with JWT_SECRET ${defaultAlgorithms.secret.join(',')}`,
    expected: `a comma-separated list of ${[...publicKeyAlgorithms, ...secretAlgorithms].join(', ')}`,
    schema: z
      .string()
      .transform(listOf)
      .pipe(z.array(z.enum([...publicKeyAlgorithms, ...secretAlgorithms])).min(1)),
  },
  JWT_ISSUER: {
    meaning: 'The value that the claim iss of a token must have. Needed with JWKS_URL',
    expected: 'a non-empty string',
    schema: z.string().min(1),
  },
  JWT_AUDIENCE: {
    meaning:
      'Accepted values of the claim aud, comma-separated. A token must have one of these values. Needed with JWKS_URL. Unset: tokens with the claim aud are refused',
    expected: 'one or more non-empty strings',
    schema: z.string().transform(listOf).pipe(z.array(z.string()).min(1)),
  },
} as const satisfies Settings;

type Values = SettingValues<typeof authSettings>;

const keySettings = ['JWKS_URL', 'JWT_PUBLIC_KEY', 'JWT_SECRET'] as const;
const jwtSettings = [...keySettings, 'JWT_ALGORITHMS', 'JWT_ISSUER', 'JWT_AUDIENCE'] as const;

/**
 * Finds contradictions between these settings.
 *
 * @param given names of all settings that are set, valid or not
 */
export function findAuthFaults(values: Partial<Values>, given: ReadonlySet<string>): FieldFault[] {
  const { AUTH, JWT_PUBLIC_KEY } = values;
  if (AUTH === undefined) return [];
  const publicKeys = JWT_PUBLIC_KEY === undefined ? undefined : readPublicKeys(JWT_PUBLIC_KEY);
  return [
    ...(AUTH.includes('api-key') ? findMissingKeySource(given) : findUnused(given, ['API_KEYS_FILE'], 'api-key')),
    ...(AUTH.includes('jwt')
      ? [...findKeyFaults(given), ...findMissingClaims(given), ...findAlgorithmFault(values, given)]
      : findUnused(given, jwtSettings, 'jwt')),
    ...(publicKeys?.ok === false ? [{ field: 'JWT_PUBLIC_KEY', detail: publicKeys.fault }] : []),
  ];
}

/** Finds settings without effect. An operator who sets them expects that the router checks tokens. */
function findUnused(given: ReadonlySet<string>, names: readonly string[], way: string): FieldFault[] {
  return names
    .filter((name) => given.has(name))
    .map((field) => ({
      field,
      detail: `This setting needs ${way} in AUTH: add ${way} to AUTH, or unset this setting`,
    }));
}

function findMissingKeySource(given: ReadonlySet<string>): FieldFault[] {
  if (given.has('API_KEYS_FILE') || given.has('REDIS_URL')) return [];
  return [
    { field: 'API_KEYS_FILE', detail: 'Missing: expected a path, because AUTH has api-key and REDIS_URL is unset' },
  ];
}

function findKeyFaults(given: ReadonlySet<string>): FieldFault[] {
  const [first, ...others] = keySettings.filter((name) => given.has(name));
  if (first === undefined) {
    return [{ field: 'JWKS_URL', detail: `Missing: expected one of ${keySettings.join(', ')}, because AUTH has jwt` }];
  }
  return others.map((field) => ({
    field,
    detail: `Cannot be combined with ${first}: expected only one of these settings`,
  }));
}

/**
 * Finds missing claims. An issuer with published keys signs tokens for many customers. Without these claims, the router would accept the tokens of
 * all customers.
 */
function findMissingClaims(given: ReadonlySet<string>): FieldFault[] {
  if (!given.has('JWKS_URL')) return [];
  return ['JWT_ISSUER', 'JWT_AUDIENCE']
    .filter((name) => !given.has(name))
    .map((field) => ({
      field,
      detail: 'Missing: required because JWKS_URL is set; expected the value that this claim has in every token',
    }));
}

function findAlgorithmFault({ JWT_ALGORITHMS }: Partial<Values>, given: ReadonlySet<string>): FieldFault[] {
  const isSecret = given.has('JWT_SECRET');
  const fitting: readonly string[] = isSecret ? secretAlgorithms : publicKeyAlgorithms;
  if (JWT_ALGORITHMS?.every((algorithm) => fitting.includes(algorithm)) !== false) return [];
  const keys = isSecret ? 'JWT_SECRET' : 'public keys';
  return [{ field: 'JWT_ALGORITHMS', detail: `Does not fit ${keys}: expected one or more of ${fitting.join(', ')}` }];
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

/** Accepts an https URL, or an http URL of this machine. With http, anybody on the network path could insert other keys. */
function isKeyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isHere)) && username + password + hash === '';
}
