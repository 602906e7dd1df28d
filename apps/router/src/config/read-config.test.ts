import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { defaultGeoipPaths } from '@turn-router/geo';
import type { Environment } from '@turn-router/settings';
import { temporaryDirectory } from '@turn-router/testing';
import { readConfig } from './read-config.ts';

const secret = 'kJ8-first-north-secret';
const token = 'token-of-the-reporters';
const ways = 'expected anonymous, api-key or jwt, or a comma-separated list, such as api-key,jwt';
const minimal: Environment = {
  AUTH: 'anonymous',
  POLICY_FILE: 'policy.yaml',
  TURN_SECRET: secret,
  REPORTER_TOKEN: token,
};

function faultsOf(environment: Environment): string[] {
  const read = readConfig(environment);
  return read.ok ? [] : read.faults.map(({ field, detail }) => `${field}: ${detail}`);
}

function accepted(environment: Environment) {
  const read = readConfig(environment);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.config;
}

describe('valid settings', () => {
  test('the smallest set gets all defaults', () => {
    const { config, secrets } = accepted(minimal);
    expect(config).toEqual({
      publicListener: { host: undefined, port: 8080 },
      adminListener: { host: '127.0.0.1', port: 8081 },
      auth: { anonymous: true, apiKeys: undefined, issuers: [] },
      secretMode: 'shared',
      policyFile: 'policy.yaml',
      geoipFiles: defaultGeoipPaths(),
      trustedProxies: [],
      clientAddressHeader: 'x-forwarded-for',
      corsOrigins: [],
      registryMaxRecords: 50_000,
      workers: 1,
      stateDir: undefined,
      logLevel: 'info',
    });
    expect(secrets).toEqual({
      keyRing: { keys: [{ id: 'default', secret }] },
      redisUrl: undefined,
      reporterToken: token,
    });
  });

  test('the largest set is read whole', () => {
    const { config, secrets } = accepted({
      HOST: '::',
      PORT: '0',
      ADMIN_HOST: '0.0.0.0',
      ADMIN_PORT: '65535',
      AUTH: 'anonymous',
      TURN_SECRETS: 'b=second-secret-0123456,a=first-secret-01234567',
      TURN_SECRET_MODE: 'per-node',
      POLICY_FILE: '/etc/turn-router/policy.yaml',
      GEOIP_DB: ' four.mmdb, six.mmdb ,',
      REDIS_URL: 'rediss://user:hush-hush@redis.example.org:6380/2',
      REPORTER_TOKEN: token,
      TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1,2001:db8::/32',
      CLIENT_ADDRESS_HEADER: 'CF-Connecting-IP',
      CORS_ORIGINS: 'https://app.example.org, http://localhost:3000',
      REGISTRY_MAX_RECORDS: '200',
      WORKERS: '8',
      STATE_DIR: '/var/lib/turn-router',
      LOG_LEVEL: 'debug',
    });
    expect(config).toEqual({
      publicListener: { host: '::', port: 0 },
      adminListener: { host: '0.0.0.0', port: 65_535 },
      auth: { anonymous: true, apiKeys: undefined, issuers: [] },
      secretMode: 'per-node',
      policyFile: '/etc/turn-router/policy.yaml',
      geoipFiles: ['four.mmdb', 'six.mmdb'],
      trustedProxies: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'],
      clientAddressHeader: 'cf-connecting-ip',
      corsOrigins: ['https://app.example.org', 'http://localhost:3000'],
      registryMaxRecords: 200,
      workers: 8,
      stateDir: '/var/lib/turn-router',
      logLevel: 'debug',
    });
    expect(secrets).toEqual({
      keyRing: {
        keys: [
          { id: 'b', secret: 'second-secret-0123456' },
          { id: 'a', secret: 'first-secret-01234567' },
        ],
      },
      redisUrl: 'rediss://user:hush-hush@redis.example.org:6380/2',
      reporterToken: token,
      jwtPublicKeys: undefined,
      jwtSecret: undefined,
    });
  });

  test('lists may be separated by line breaks, and blanks around a value are removed', () => {
    const { config } = accepted({
      ...minimal,
      AUTH: 'anonymous\n',
      PORT: ' 8080',
      TRUSTED_PROXIES: '10.0.0.0/8\n192.0.2.1\r\n2001:db8::/32\n',
      CORS_ORIGINS: '\nhttps://*.example.org\ncapacitor://localhost\n',
      GEOIP_DB: 'four.mmdb\nsix.mmdb',
    });
    expect(config).toMatchObject({
      trustedProxies: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'],
      corsOrigins: ['https://*.example.org', 'capacitor://localhost'],
      geoipFiles: ['four.mmdb', 'six.mmdb'],
    });
  });

  test.each([{ HOST: '10.0.0.1', PORT: '8081' }, { PORT: '0', ADMIN_PORT: '0' }, { PORT: '8082' }])(
    'listeners with different addresses or any free port do not collide: %j',
    (environment) => {
      expect(faultsOf({ ...minimal, ...environment })).toEqual([]);
    },
  );

  test('with Redis, REPORTER_TOKEN may be unset', () => {
    const { secrets } = accepted({ ...minimal, REPORTER_TOKEN: undefined, REDIS_URL: 'redis://127.0.0.1:6379' });
    expect(secrets).toMatchObject({ redisUrl: 'redis://127.0.0.1:6379', reporterToken: undefined });
  });

  test('every secret can be read from a file', async () => {
    await using directory = await temporaryDirectory('config');
    const fileOf = async (name: string, text: string) => {
      const path = join(directory.path, name);
      await writeFile(path, `${text}\n`);
      return path;
    };
    const { secrets } = accepted({
      AUTH: 'anonymous',
      POLICY_FILE: 'policy.yaml',
      TURN_SECRETS_FILE: await fileOf('secrets', `a=${secret}`),
      REDIS_URL_FILE: await fileOf('redis', 'redis://127.0.0.1:6379'),
      REPORTER_TOKEN_FILE: await fileOf('token', token),
    });
    expect(secrets).toEqual({
      keyRing: { keys: [{ id: 'a', secret }] },
      redisUrl: 'redis://127.0.0.1:6379',
      reporterToken: token,
    });
  });
});

describe('invalid settings', () => {
  const port = 'expected a port, 1–65535, or 0 for any free port';
  const host = 'expected an IP address without brackets, or a host name';
  const addressHeader =
    'expected the name of a header that carries an address, such as x-forwarded-for, forwarded or cf-connecting-ip';
  const proxies =
    'expected IP addresses and CIDR prefixes. "true" and /0 are refused, because callers could then choose their address';
  const workers = 'expected a whole number from 1 to 64; more than the number of CPUs brings no benefit';
  const origins = 'expected origins such as https://app.example.org, https://*.example.org or capacitor://localhost';
  const redis =
    'not a Redis URL: expected redis://[user:password@]host[:port][/database] or redis+sentinel://[user:password@]host:port,host:port/name[/database] or redis+cluster://[user:password@]host:port,host:port, or the same with rediss for TLS';
  const reporter = 'expected at least 16 characters of printable ASCII without spaces';
  const known =
    'the secret is a published example or default: expected random characters, such as the output of "openssl rand -hex 32"';

  test.each<[environment: Environment, fault: string]>([
    [{ PORT: '65536' }, `PORT: Invalid value "65536": ${port}`],
    [{ PORT: '-1' }, `PORT: Invalid value "-1": ${port}`],
    [{ PORT: '80.5' }, `PORT: Invalid value "80.5": ${port}`],
    [{ PORT: '0x50' }, `PORT: Invalid value "0x50": ${port}`],
    [{ PORT: '8081' }, 'ADMIN_PORT: Equals PORT: expected another port'],
    [{ HOST: '0.0.0.0', ADMIN_HOST: '10.0.0.1', ADMIN_PORT: '8080' }, 'ADMIN_PORT: Equals PORT: expected another port'],
    [{ HOST: '127.0.0.1', ADMIN_PORT: '8080' }, 'ADMIN_PORT: Equals PORT: expected another port'],
    [
      {
        REDIS_URL: 'redis://127.0.0.1',
        PEERS: 'a:8080',
        PEER_SECRET: 'kJ8-peer-secret-of-all-the-routers-here',
        PEER_PORT: '8080',
      },
      'PEER_PORT: Equals PORT: expected another port',
    ],
    [{ ADMIN_PORT: 'x' }, `ADMIN_PORT: Invalid value "x": ${port}`],
    [{ HOST: '[::1]' }, `HOST: Invalid value "[::1]": ${host}`],
    [{ ADMIN_HOST: 'a b' }, `ADMIN_HOST: Invalid value "a b": ${host}`],
    [{ AUTH: '' }, `AUTH: Missing: ${ways}`],
    [{ AUTH: 'none' }, `AUTH: Invalid value "none": ${ways}`],
    [{ POLICY_FILE: '' }, 'POLICY_FILE: Missing: expected a path'],
    [{ GEOIP_DB: ',' }, 'GEOIP_DB: Invalid value ",": expected one or more paths'],
    [{ TURN_SECRET: '' }, 'TURN_SECRETS: Missing: expected TURN_SECRETS or TURN_SECRET'],
    [{ TURN_SECRET: 'short' }, 'TURN_SECRET: the secret has 5 characters: expected at least 16'],
    [{ TURN_SECRETS: `a=${secret}` }, 'TURN_SECRET: Cannot be combined with TURN_SECRETS: set only one of them'],
    [{ TURN_SECRET: 'changeme' }, 'TURN_SECRET: the secret has 8 characters: expected at least 16'],
    [{ TURN_SECRET: 'changeme-changeme' }, `TURN_SECRET: ${known}`],
    [{ TURN_SECRET: 'long-and-cryptic' }, `TURN_SECRET: ${known}`],
    [
      { TURN_SECRET: '', TURN_SECRETS: `b=${secret},a=your-static-auth-secret` },
      `TURN_SECRETS: entry 2 ("a"): ${known}`,
    ],
    [
      { TURN_SECRET: '0000000000000000' },
      'TURN_SECRET: the secret repeats a few characters: expected random characters, such as the output of "openssl rand -hex 32"',
    ],
    [
      { TURN_SECRET: `b=${secret},a=${secret}` },
      'TURN_SECRET: the secret contains white space or a comma: expected neither. The value has the form id=secret of TURN_SECRETS, but all of it is used as the secret: set TURN_SECRETS instead, or remove the id and the first "="',
    ],
    [{ TURN_SECRET_MODE: 'pernode' }, 'TURN_SECRET_MODE: Invalid value "pernode": expected shared or per-node'],
    [{ REPORTER_TOKEN: 'my-reporter-token' }, `REPORTER_TOKEN: ${known}`],
    [{ REPORTER_TOKEN: 'fifteen-letters' }, `REPORTER_TOKEN: Invalid value: ${reporter}`],
    [{ REPORTER_TOKEN: 'sixteen letters and more' }, `REPORTER_TOKEN: Invalid value: ${reporter}`],
    [
      { REPORTER_TOKEN: '' },
      'REPORTER_TOKEN: Missing: expected a token. REDIS_URL is unset, so nodes report over HTTP',
    ],
    [{ REDIS_URL: 'redis.example.org' }, `REDIS_URL: ${redis}`],
    [{ REDIS_URL: 'http://hush-hush@redis.example.org' }, `REDIS_URL: ${redis}`],
    [
      { REDIS_URL: 'redis:///1' },
      'REDIS_URL: the host is missing: expected redis://[user:password@]host[:port][/database]',
    ],
    [{ TRUSTED_PROXIES: 'true' }, `TRUSTED_PROXIES: Invalid value "true": ${proxies}`],
    [{ TRUSTED_PROXIES: '*' }, `TRUSTED_PROXIES: Invalid value "*": ${proxies}`],
    [{ TRUSTED_PROXIES: '10/8' }, `TRUSTED_PROXIES: Invalid value "10/8": ${proxies}`],
    [{ TRUSTED_PROXIES: '127.0.0.1,proxy' }, `TRUSTED_PROXIES: Invalid value "127.0.0.1,proxy": ${proxies}`],
    [
      { TRUSTED_PROXIES: '10.0.0.1', CLIENT_ADDRESS_HEADER: 'x-forwarded-for,x-real-ip' },
      `CLIENT_ADDRESS_HEADER: Invalid value "x-forwarded-for,x-real-ip": ${addressHeader}`,
    ],
    [
      { TRUSTED_PROXIES: '10.0.0.1', CLIENT_ADDRESS_HEADER: 'Host' },
      `CLIENT_ADDRESS_HEADER: Invalid value "Host": ${addressHeader}`,
    ],
    [
      { TRUSTED_PROXIES: '10.0.0.1', CLIENT_ADDRESS_HEADER: 'Content-Encoding' },
      `CLIENT_ADDRESS_HEADER: Invalid value "Content-Encoding": ${addressHeader}`,
    ],
    [
      { CLIENT_ADDRESS_HEADER: 'x-real-ip' },
      'CLIENT_ADDRESS_HEADER: Needs TRUSTED_PROXIES: the router believes this header from trusted proxies only',
    ],
    [
      { CORS_ORIGINS: '*' },
      `CORS_ORIGINS: Invalid value "*": ${origins}. "*": Invalid origin: this would allow every page: write each origin, or a wildcard such as https://*.example.org`,
    ],
    [
      { CORS_ORIGINS: 'null' },
      `CORS_ORIGINS: Invalid value "null": ${origins}. "null": Invalid origin: many unrelated pages send the origin "null", such as files and sandboxed frames: serve the page over https, and write its origin`,
    ],
    [
      { CORS_ORIGINS: 'https://a.org, app.example.org' },
      `CORS_ORIGINS: Invalid value "https://a.org, app.example.org": ${origins}. "app.example.org": Invalid origin: the scheme is missing: write https://app.example.org`,
    ],
    [
      { CORS_ORIGINS: 'https://*.org' },
      `CORS_ORIGINS: Invalid value "https://*.org": ${origins}. "https://*.org": Invalid origin: a wildcard needs at least two labels after it, such as https://*.example.org`,
    ],
    [
      { CORS_ORIGINS: 'https://app.example.org/' },
      `CORS_ORIGINS: Invalid value "https://app.example.org/": ${origins}. "https://app.example.org/": Invalid origin: write https://app.example.org`,
    ],
    [{ REGISTRY_MAX_RECORDS: '0' }, 'REGISTRY_MAX_RECORDS: Invalid value "0": expected a whole number, 1–1000000'],
    [{ WORKERS: '0' }, `WORKERS: Invalid value "0": ${workers}`],
    [{ WORKERS: '65' }, `WORKERS: Invalid value "65": ${workers}`],
    [{ WORKERS: 'auto' }, `WORKERS: Invalid value "auto": ${workers}`],
    [
      { WORKERS: '2' },
      'WORKERS: 2 workers need REDIS_URL: set REDIS_URL, or set WORKERS to 1. Otherwise each process would have its own embedded registry',
    ],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: Invalid value "loud": expected trace, debug, info, warn, error, fatal, silent'],
    [
      { TURN_SECRET: '', TURN_SECRET_FILE: 'no/such/file' },
      'TURN_SECRET_FILE: Cannot read "no/such/file" (ENOENT): expected a readable file with the value of TURN_SECRET',
    ],
  ])('%j stops the start', (environment, fault) => {
    expect(faultsOf({ ...minimal, ...environment })).toEqual([fault]);
  });

  test('an empty environment reports all missing settings at once', () => {
    expect(faultsOf({})).toEqual([
      `AUTH: Missing: ${ways}`,
      'POLICY_FILE: Missing: expected a path',
      'TURN_SECRETS: Missing: expected TURN_SECRETS or TURN_SECRET',
      'REPORTER_TOKEN: Missing: expected a token. REDIS_URL is unset, so nodes report over HTTP',
    ]);
  });
});
