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

/** Every setting, with its one default. */
export const settings = {
  HOST: {
    meaning: 'Address of the public listener; unset: all of the machine',
    expected: 'an IP address without brackets, or a host name',
    schema: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/),
  },
  PORT: { meaning: 'Port of the public listener', ...listenPort, default: '8080' },
  ADMIN_HOST: {
    meaning:
      'Address of the admin listener (metrics, and the API of ADMIN_TOKEN). Anything but loopback opens it to the network, metrics to everybody there',
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
      'shared: every TURN server holds TURN_SECRETS. per-node: these are master keys, and each holds what turnctl secrets derive makes of them for it, so that a credential is good for one server, and so is a leaked secret',
    ...turnSecretModeSetting,
  },
  POLICY_FILE: {
    meaning: 'The policy, YAML; read again when it changes',
    expected: 'a path',
    schema: z.string(),
    required: true,
  },
  GEOIP_DB: {
    meaning: 'GeoIP files (.mmdb), comma list; read again when they change',
    expected: 'one or more paths',
    schema: z.string().transform(listOf).pipe(z.array(z.string()).min(1)),
    default: defaultGeoipPaths().join(','),
  },
  REDIS_URL: {
    meaning:
      'The registry, or several, such as one a region, with spaces between. Unset: embedded in this process, fed by reports over HTTP',
    expected: 'redis://[user:password@]host[:port][/database], redis+sentinel:// or redis+cluster://; TLS: rediss',
    schema: z.string(),
    secret: true,
  },
  REPORTER_TOKEN: {
    meaning:
      'What health-reporters that report over HTTP must show, or what turnctl node-token makes of it for each; unset: none may. Needed without REDIS_URL',
    ...reporterTokenSetting,
  },
  TRUSTED_PROXIES: {
    meaning: 'Proxies whose X-Forwarded-For is believed, comma list; a caller reached through others has their address',
    expected: 'IP addresses and CIDR prefixes; neither "true" nor /0, which would let callers choose their address',
    schema: z
      .string()
      .transform(listOf)
      .refine((prefixes) => parseTrustedProxies(prefixes) !== undefined),
  },
  CORS_ORIGINS: {
    meaning: 'Origins whose pages may read answers, comma list; unset: none',
    expected: 'origins such as https://app.example.org, without a path',
    schema: z
      .string()
      .transform(listOf)
      .refine((origins) => origins.every((origin) => originSchema.safeParse(origin).success)),
  },
  WORKERS: {
    meaning:
      'Processes that answer callers, each with a snapshot, a Redis connection and GeoIP data of its own: roughly 300 MiB each with the bundled data. More than one needs REDIS_URL',
    expected: 'a whole number, 1–64; more than the machine has CPUs gains nothing',
    schema: wholeNumber(1, 64),
    default: '1',
  },
  ...peerSettings,
  STATE_DIR: {
    meaning:
      'Directory for what must outlive a restart: the last good snapshot of each registry, the API keys that are in Redis (hashes), the revocations, and the issuer’s public keys, for a start while Redis or the issuer is away; without Redis the audit log; which GeoIP files were found sound, so that the next start takes them at once. Unset: only the last is kept, in the cache folder of the system',
    expected: 'a path',
    schema: z.string().min(1),
  },
  LOG_LEVEL: logLevelSetting,
} as const satisfies Settings;
