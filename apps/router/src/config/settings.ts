import { findOriginFault } from '@turn-router/contract/registry';
import { defaultGeoipPaths } from '@turn-router/geo';
import {
  logLevelSetting,
  portSetting,
  reporterTokenSetting,
  turnSecretModeSetting,
  turnSecretSettings,
  wholeNumber,
  type Settings,
} from '@turn-router/settings';
import { z } from 'zod';
import { adminSettings } from './admin-settings.ts';
import { authSettings } from './auth-settings.ts';
import { listOf } from './list-of.ts';
import { peerSettings } from './peer-settings.ts';
import { proxySettings } from './proxy-settings.ts';

const listenPort = {
  ...portSetting,
  expected: 'a port, 1–65535, or 0 for any free port',
  schema: wholeNumber(0, 65_535),
};

/** All settings of the router. Each default is defined here and nowhere else. */
export const settings = {
  HOST: {
    meaning: 'Address of the public listener. Unset: every address of the machine',
    expected: 'an IP address without brackets, or a host name',
    schema: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/),
  },
  PORT: { meaning: 'Port of the public listener', ...listenPort, default: '8080' },
  ADMIN_HOST: {
    meaning:
      'Address of the admin listener (metrics and the admin API). Any other address than loopback opens the listener to the network. Then everybody in the network can read the metrics',
    expected: 'an IP address without brackets, or a host name',
    schema: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/),
    default: '127.0.0.1',
  },
  ADMIN_PORT: { meaning: 'Port of the admin listener', ...listenPort, default: '8081' },
  ...adminSettings,
  ...authSettings,
  ...turnSecretSettings,
  TURN_SECRET_MODE: {
    meaning:
      'shared: every TURN server has TURN_SECRETS. per-node: TURN_SECRETS are master keys, and each TURN server has its own secret, made by turnctl secrets derive. With per-node, a credential or a leaked secret is valid for one server only',
    ...turnSecretModeSetting,
  },
  POLICY_FILE: {
    meaning: 'Policy file (YAML). The router reads it again after a change',
    expected: 'a path',
    schema: z.string(),
    required: true,
  },
  GEOIP_DB: {
    meaning: 'GeoIP files (.mmdb), comma-separated. The router reads them again after a change',
    expected: 'one or more paths',
    schema: z.string().transform(listOf).pipe(z.array(z.string()).min(1)),
    default: defaultGeoipPaths().join(','),
  },
  REDIS_URL: {
    meaning:
      'URL of the registry, or several URLs separated by spaces, such as one per region. Unset: the registry is embedded in this process, and nodes report over HTTP',
    expected: 'redis://[user:password@]host[:port][/database], redis+sentinel:// or redis+cluster://; TLS: rediss',
    schema: z.string(),
    secret: true,
  },
  REGISTRY_MAX_RECORDS: {
    meaning:
      'Largest number of nodes that the router reads from each registry. Known nodes come first, then the others in alphabetical order. With a larger number, a client that can write to the registry can use more memory and CPU time of the router',
    expected: 'a whole number, 1–1000000',
    schema: wholeNumber(1, 1_000_000),
    default: '50000',
  },
  REPORTER_TOKEN: {
    meaning:
      'Token of health-reporters that report over HTTP. turnctl node-token derives a token for each node from this token. Unset: reports over HTTP are refused. Needed if REDIS_URL is unset',
    ...reporterTokenSetting,
  },
  ...proxySettings,
  CORS_ORIGINS: {
    meaning:
      'Origins whose web pages or apps may read responses (CORS), comma-separated. https://*.example.org stands for all names below example.org, but not for example.org itself. Unset: no origins',
    expected: 'origins such as https://app.example.org, https://*.example.org or capacitor://localhost',
    schema: z
      .string()
      .transform(listOf)
      .refine((origins) => origins.every((origin) => findOriginFault(origin) === undefined)),
    explain: explainOrigins,
  },
  WORKERS: {
    meaning:
      'Number of processes that answer callers. Each process has its own snapshot, Redis connection and GeoIP data, roughly 300 MiB with the bundled data. More than one process needs REDIS_URL',
    expected: 'a whole number from 1 to 64; more than the number of CPUs brings no benefit',
    schema: wholeNumber(1, 64),
    default: '1',
  },
  ...peerSettings,
  STATE_DIR: {
    meaning:
      'Directory for data that must survive a restart: the last snapshot of each registry, the API keys in Redis (hashes), the revocations and the issuer’s public keys. The router uses these data if Redis or the token issuer is unreachable at its start. If REDIS_URL is unset, the directory also contains the audit log. For a faster start, it contains the results of GeoIP file checks. If STATE_DIR is unset, only the results of GeoIP file checks are stored, in the cache folder of the system',
    expected: 'a path of a directory in which the user of the router may write',
    schema: z.string().min(1),
  },
  LOG_LEVEL: logLevelSetting,
} as const satisfies Settings;

/** Explains the first invalid origin. */
function explainOrigins(text: string): string | undefined {
  for (const origin of listOf(text)) {
    const fault = findOriginFault(origin);
    if (fault !== undefined) return `${JSON.stringify(origin.slice(0, 64))}: ${fault}`;
  }
  return undefined;
}
