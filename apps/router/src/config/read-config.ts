import type { FieldFault } from '@turn-router/contract/http';
import { findRedisUrlFault } from '@turn-router/registry';
import {
  findChoiceFault,
  readSettings,
  type Environment,
  type ReadSettings,
  type SettingValues,
} from '@turn-router/settings';
import { findSecretFaults, readKeyRing } from '@turn-router/turn-credentials';
import { readPublicKeys } from '../callers/auth/jwt/static-jwt-keys.ts';
import { findAdminFaults } from './admin-settings.ts';
import { authConfigFrom, findAuthFaults } from './auth-settings.ts';
import { findListenerFaults } from './listener-faults.ts';
import { findPeerFaults, peerConfigFrom } from './peer-settings.ts';
import { findProxyFaults } from './proxy-settings.ts';
import type { RouterConfig, RouterSecrets } from './router-config.ts';
import { settings } from './settings.ts';

type Values = SettingValues<typeof settings>;

/** Reads the environment, and the secret files that it names. Nothing else in the router reads them. */
export function readConfig(environment: Environment): ReadSettings<{ config: RouterConfig; secrets: RouterSecrets }> {
  return readSettings(
    { settings, findFaults, configFrom: (values) => ({ config: configFrom(values), secrets: secretsFrom(values) }) },
    environment,
  );
}

/**
 * Finds contradictions between settings.
 *
 * @param given names of all settings that are set, valid or not
 */
function findFaults(values: Partial<Values>, given: ReadonlySet<string>): FieldFault[] {
  const redisFault = values.REDIS_URL === undefined ? undefined : findRedisUrlFault(values.REDIS_URL);
  return [
    ...findAuthFaults(values, given),
    ...findChoiceFault(given, 'TURN_SECRETS', 'TURN_SECRET'),
    ...readKeyRing(values).faults,
    ...findTokenFaults(values),
    ...findAdminFaults(values, otherSecrets(values)),
    ...findListenerFaults(values),
    ...findPeerFaults(values, given, [...otherSecrets(values), ...adminSecrets(values)]),
    ...findProxyFaults(given),
    ...(redisFault === undefined ? [] : [{ field: 'REDIS_URL', detail: redisFault }]),
    ...(given.has('REDIS_URL') || given.has('REPORTER_TOKEN')
      ? []
      : [
          {
            field: 'REPORTER_TOKEN',
            detail: 'Missing: expected a token. REDIS_URL is unset, so nodes report over HTTP',
          },
        ]),
    ...(given.has('REDIS_URL') || (values.WORKERS ?? 1) === 1
      ? []
      : [
          {
            field: 'WORKERS',
            detail: `${values.WORKERS} workers need REDIS_URL: set REDIS_URL, or set WORKERS to 1. Otherwise each process would have its own embedded registry`,
          },
        ]),
  ];
}

function findTokenFaults({ REPORTER_TOKEN = '' }: Partial<Values>): FieldFault[] {
  return REPORTER_TOKEN === ''
    ? []
    : findSecretFaults(REPORTER_TOKEN).map((detail) => ({ field: 'REPORTER_TOKEN', detail }));
}

/** All secrets by setting, except the tokens of the admin API. */
function otherSecrets(values: Partial<Values>): [name: string, secret: string][] {
  const { REPORTER_TOKEN, JWT_SECRET, TURN_SECRET } = values;
  const turnSetting = TURN_SECRET === undefined ? 'TURN_SECRETS' : 'TURN_SECRET';
  return [
    ...(REPORTER_TOKEN === undefined ? [] : [['REPORTER_TOKEN', REPORTER_TOKEN] as [string, string]]),
    ...(JWT_SECRET === undefined ? [] : [['JWT_SECRET', JWT_SECRET] as [string, string]]),
    ...(readKeyRing(values).keyRing?.keys ?? []).map(({ secret }): [string, string] => [turnSetting, secret]),
  ];
}

function adminSecrets({ ADMIN_TOKEN, ADMIN_VIEWER_TOKEN }: Partial<Values>): [name: string, secret: string][] {
  return Object.entries({ ADMIN_TOKEN, ADMIN_VIEWER_TOKEN }).flatMap(([name, secret]) =>
    secret === undefined ? [] : [[name, secret] as [string, string]],
  );
}

function configFrom(values: Values): RouterConfig {
  return {
    publicListener: { host: values.HOST, port: values.PORT },
    adminListener: { host: values.ADMIN_HOST, port: values.ADMIN_PORT },
    peers: peerConfigFrom(values),
    auth: authConfigFrom(values),
    secretMode: values.TURN_SECRET_MODE,
    policyFile: values.POLICY_FILE,
    geoipFiles: values.GEOIP_DB,
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    clientAddressHeader: values.CLIENT_ADDRESS_HEADER,
    corsOrigins: values.CORS_ORIGINS ?? [],
    registryMaxRecords: values.REGISTRY_MAX_RECORDS,
    workers: values.WORKERS,
    stateDir: values.STATE_DIR,
    logLevel: values.LOG_LEVEL,
  };
}

function secretsFrom(values: Values): RouterSecrets {
  const { keyRing } = readKeyRing(values);
  if (keyRing === undefined) throw new TypeError('configFrom was called although findFaults had found a fault');
  const { JWT_PUBLIC_KEY: pem } = values;
  const publicKeys = pem === undefined ? undefined : readPublicKeys(pem);
  return {
    keyRing,
    redisUrl: values.REDIS_URL,
    reporterToken: values.REPORTER_TOKEN,
    adminTokens: adminTokensFrom(values),
    peerSecret: values.PEER_SECRET,
    jwtPublicKeys: publicKeys?.ok === true ? publicKeys.keys : undefined,
    jwtSecret: values.JWT_SECRET,
  };
}

function adminTokensFrom({ ADMIN_TOKEN: operator, ADMIN_VIEWER_TOKEN: viewer }: Values): RouterSecrets['adminTokens'] {
  return operator === undefined && viewer === undefined ? undefined : { operator, viewer };
}
