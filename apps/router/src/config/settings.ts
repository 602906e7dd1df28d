import { originSchema } from '@turn-router/contract/registry';
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
import { parseTrustedProxies } from '../callers/client-address.ts';
import { adminSettings } from './admin-settings.ts';
import { authSettings } from './auth-settings.ts';
import { listOf } from './list-of.ts';
import { peerSettings } from './peer-settings.ts';

const listenPort = {
  ...portSetting,
  expected: 'a port, 1–65535, or 0 for any free one',
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
      'Address of the admin listener (metrics and the admin API). Any address but loopback opens it to the network, where everybody can read the metrics',
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
      'shared: every TURN server holds TURN_SECRETS. per-node: TURN_SECRETS are master keys, and each TURN server holds the secret that turnctl secrets derive makes for it. A credential or a leaked secret is then valid for one server only',
    ...turnSecretModeSetting,
  },
  POLICY_FILE: {
    meaning: 'Policy file (YAML); read again when it changes',
    expected: 'a path',
    schema: z.string(),
    required: true,
  },
  GEOIP_DB: {
    meaning: 'GeoIP files (.mmdb), comma-separated; read again when they change',
    expected: 'one or more paths',
    schema: z.string().transform(listOf).pipe(z.array(z.string()).min(1)),
    default: defaultGeoipPaths().join(','),
  },
  REDIS_URL: {
    meaning:
      'URL of the registry, or several URLs separated by spaces, such as one per region. Unset: the registry is embedded in this process and nodes report over HTTP',
    expected: 'redis://[user:password@]host[:port][/database], redis+sentinel:// or redis+cluster://; TLS: rediss',
    schema: z.string(),
    secret: true,
  },
  REPORTER_TOKEN: {
    meaning:
      'Token of health-reporters that report over HTTP; turnctl node-token derives a token for each node from it. Unset: reports over HTTP are refused. Needed without REDIS_URL',
    ...reporterTokenSetting,
  },
  TRUSTED_PROXIES: {
    meaning:
      'Proxies whose X-Forwarded-For the router trusts, comma-separated. Behind any other proxy, callers have the address of the proxy',
    expected: 'IP addresses and CIDR prefixes; not "true" or /0, which would let callers choose their address',
    schema: z
      .string()
      .transform(listOf)
      .refine((prefixes) => parseTrustedProxies(prefixes) !== undefined),
  },
  CORS_ORIGINS: {
    meaning: 'Origins whose pages may read responses (CORS), comma-separated. Unset: none',
    expected: 'origins such as https://app.example.org, without a path',
    schema: z
      .string()
      .transform(listOf)
      .refine((origins) => origins.every((origin) => originSchema.safeParse(origin).success)),
  },
  WORKERS: {
    meaning:
      'Processes that answer callers. Each has its own snapshot, Redis connection and GeoIP data, roughly 300 MiB with the bundled data. More than one needs REDIS_URL',
    expected: 'a whole number, 1–64; more than the machine has CPUs gains nothing',
    schema: wholeNumber(1, 64),
    default: '1',
  },
  ...peerSettings,
  STATE_DIR: {
    meaning:
      'Directory for data that must survive a restart. For a start while Redis or the token issuer is away: the last snapshot of each registry, the API keys in Redis (hashes), the revocations and the issuer’s public keys. Without Redis: the audit log. For a faster start: the verdicts about GeoIP files. Unset: only these verdicts are kept, in the cache folder of the system',
    expected: 'a path',
    schema: z.string().min(1),
  },
  LOG_LEVEL: logLevelSetting,
} as const satisfies Settings;
