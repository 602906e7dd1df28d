import type { FieldFault } from '@turn-router/contract/http';
import type { Settings, SettingValues } from '@turn-router/settings';
import { z } from 'zod';
import type { AuthConfig, IssuerConfig } from '../callers/auth/auth-config.ts';
import { authWays } from '../callers/auth/caller.ts';
import { defaultAlgorithms, publicKeyAlgorithms, secretAlgorithms } from '../callers/auth/jwt/jwt-algorithms.ts';
import { readPublicKeys } from '../callers/auth/jwt/static-jwt-keys.ts';
import { isKeyUrl, readIssuersFile } from './issuers-file.ts';
import { listOf } from './list-of.ts';
import { hasPlaceholder, placeholderFault } from './placeholder.ts';

/** Settings of authentication. */
export const authSettings = {
  AUTH: {
    meaning:
      'Accepted ways of authentication, one or several. anonymous: every caller that reaches the public listener is accepted, and gets short-lived credentials. api-key: the caller sends a key that turnctl keys create has made. jwt: the caller sends a token that JWKS_URL, JWT_PUBLIC_KEY, JWT_SECRET or JWT_ISSUERS_FILE can check',
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
    meaning:
      'Accepted values of the claim iss, comma-separated, such as several host names of one issuer. A token must have one of these values. Needed with JWKS_URL',
    expected: 'one or more non-empty strings',
    schema: z.string().transform(listOf).pipe(z.array(z.string()).min(1)),
  },
  JWT_AUDIENCE: {
    meaning:
      'Accepted values of the claim aud, comma-separated. A token must have one of these values. Needed with JWKS_URL. Unset: tokens with the claim aud are refused',
    expected: 'one or more non-empty strings',
    schema: z.string().transform(listOf).pipe(z.array(z.string()).min(1)),
  },
  JWT_ISSUERS_FILE: {
    meaning:
      'File with several token issuers (YAML), each with its own keys, audiences and names of claims. The router reads it at the start. The settings above may describe one more issuer',
    expected: 'a path',
    schema: z.string().min(1).transform(readIssuersFile),
  },
} as const satisfies Settings;

type Values = SettingValues<typeof authSettings>;

const keySettings = ['JWKS_URL', 'JWT_PUBLIC_KEY', 'JWT_SECRET'] as const;
const ruleSettings = ['JWT_ALGORITHMS', 'JWT_ISSUER', 'JWT_AUDIENCE'] as const;
const jwtSettings = [...keySettings, ...ruleSettings, 'JWT_ISSUERS_FILE'] as const;

/**
 * Finds contradictions between these settings.
 *
 * @param given names of all settings that are set, valid or not
 */
export function findAuthFaults(values: Partial<Values>, given: ReadonlySet<string>): FieldFault[] {
  const { AUTH, JWT_PUBLIC_KEY, JWT_ISSUERS_FILE } = values;
  if (AUTH === undefined) return [];
  const publicKeys = JWT_PUBLIC_KEY === undefined ? undefined : readPublicKeys(JWT_PUBLIC_KEY);
  return [
    ...(AUTH.includes('api-key') ? findMissingKeySource(given) : findUnused(given, ['API_KEYS_FILE'], 'api-key')),
    ...(AUTH.includes('jwt')
      ? [
          ...findKeyFaults(given),
          ...findMissingClaims(given),
          ...findAlgorithmFault(values, given),
          ...findPlaceholders(values),
        ]
      : findUnused(given, jwtSettings, 'jwt')),
    ...(publicKeys?.ok === false ? [{ field: 'JWT_PUBLIC_KEY', detail: publicKeys.fault }] : []),
    ...(JWT_ISSUERS_FILE?.ok === false
      ? JWT_ISSUERS_FILE.faults.map((detail) => ({ field: 'JWT_ISSUERS_FILE', detail }))
      : findSharedIssuers(values)),
  ];
}

/** Finds values that were copied from an example. */
function findPlaceholders({ JWKS_URL = '', JWT_ISSUER = [], JWT_AUDIENCE = [] }: Partial<Values>): FieldFault[] {
  return Object.entries({ JWKS_URL: [JWKS_URL], JWT_ISSUER, JWT_AUDIENCE })
    .filter(([, values]) => values.some(hasPlaceholder))
    .map(([field]) => ({ field, detail: placeholderFault }));
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
  if (first === undefined && given.has('JWT_ISSUERS_FILE')) {
    return ruleSettings
      .filter((field) => given.has(field))
      .map((field) => ({
        field,
        detail: `This setting needs one of ${keySettings.join(', ')}: set one of them, or unset this setting`,
      }));
  }
  if (first === undefined) {
    const expected = [...keySettings, 'JWT_ISSUERS_FILE'].join(', ');
    return [{ field: 'JWKS_URL', detail: `Missing: expected one of ${expected}, because AUTH has jwt` }];
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

/** Finds issuers of the file that contradict the issuer of the other settings. Each user must belong to exactly one issuer. */
function findSharedIssuers({ JWT_ISSUERS_FILE, ...values }: Partial<Values>): FieldFault[] {
  if (JWT_ISSUERS_FILE?.ok !== true || keySettings.every((name) => values[name] === undefined)) return [];
  const { issuers } = JWT_ISSUERS_FILE;
  const shared = issuers.flatMap(({ issuer = [] }) => issuer.filter((each) => values.JWT_ISSUER?.includes(each)));
  const details = [
    ...shared.map((each) => `The issuer ${JSON.stringify(each)} is also in JWT_ISSUER: expected it in one place`),
    ...(issuers.some(({ name }) => name === undefined)
      ? [
          'An issuer has no name: expected a name for each issuer, because other settings describe the issuer without a name',
        ]
      : []),
  ];
  return details.map((detail) => ({ field: 'JWT_ISSUERS_FILE', detail }));
}

function findAlgorithmFault({ JWT_ALGORITHMS }: Partial<Values>, given: ReadonlySet<string>): FieldFault[] {
  const isSecret = given.has('JWT_SECRET');
  const fitting: readonly string[] = isSecret ? secretAlgorithms : publicKeyAlgorithms;
  if (JWT_ALGORITHMS?.every((algorithm) => fitting.includes(algorithm)) !== false) return [];
  const keys = isSecret ? 'JWT_SECRET' : 'public keys';
  return [{ field: 'JWT_ALGORITHMS', detail: `Does not fit ${keys}: expected one or more of ${fitting.join(', ')}` }];
}

export function authConfigFrom(values: Values): AuthConfig {
  const { AUTH, API_KEYS_FILE, JWT_ISSUERS_FILE } = values;
  return {
    anonymous: AUTH.includes('anonymous'),
    apiKeys: AUTH.includes('api-key') ? { file: API_KEYS_FILE } : undefined,
    issuers: AUTH.includes('jwt')
      ? [...issuerOfSettings(values), ...(JWT_ISSUERS_FILE?.ok === true ? JWT_ISSUERS_FILE.issuers : [])]
      : [],
  };
}

/** Returns the issuer that the settings without a file describe, or nothing. */
function issuerOfSettings(values: Values): IssuerConfig[] {
  const { JWKS_URL, JWT_SECRET, JWT_ALGORITHMS, JWT_ISSUER, JWT_AUDIENCE } = values;
  if (keySettings.every((name) => values[name] === undefined)) return [];
  return [
    {
      issuer: JWT_ISSUER,
      jwksUrl: JWKS_URL,
      algorithms: JWT_ALGORITHMS ?? defaultAlgorithms[JWT_SECRET === undefined ? 'public' : 'secret'],
      audience: JWT_AUDIENCE,
      audienceClaim: ['aud'],
      userClaim: 'sub',
    },
  ];
}
