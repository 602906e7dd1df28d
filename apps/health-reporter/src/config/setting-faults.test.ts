import { describe, expect, test } from '@jest/globals';
import type { Environment } from '@turn-router/settings';
import fc from 'fast-check';
import { minimal, secret } from './minimal-settings.fixture.ts';
import { readConfig } from './read-config.ts';

function faultsOf(environment: Environment): string[] {
  const read = readConfig(environment);
  return read.ok ? [] : read.faults.map(({ field, detail }) => `${field}: ${detail}`);
}

describe('faults', () => {
  test('are all reported at once', () => {
    expect(faultsOf({ TURN_PORT: '70000', LOG_LEVEL: 'loud' })).toEqual([
      'REGION: Missing: expected 1–63 characters of a–z, 0–9 and "-", not starting with "-"',
      'NODE_ID: Missing: expected 1–63 characters of a–z, 0–9 and "-", not starting with "-"',
      'TURN_PORT: Invalid value "70000": expected a port, 1–65535',
      'LOG_LEVEL: Invalid value "loud": expected trace, debug, info, warn, error, fatal, silent',
      'PUBLIC_IP: Missing: expected at least one of PUBLIC_IP, PUBLIC_IPV6 and TURN_HOSTNAME',
      'TURN_SECRETS: Missing: expected TURN_SECRETS or TURN_SECRET',
      'REDIS_URL: Missing: expected REDIS_URL or ROUTER_URL',
    ]);
  });

  test.each<[name: string, value: string, fault: string]>([
    ['WATCH_ID', 'watch-1', 'Not possible without FLEET_FILE, because this setting belongs to a fleet watch'],
    ['WATCH_REGION', 'eu', 'Not possible without FLEET_FILE, because this setting belongs to a fleet watch'],
    ['DRAIN_ON_SIGTERM', 'yes', 'Invalid value "yes": expected true or false'],
    ['HAND_OVER_SECONDS', '0.5', 'Invalid value "0.5": expected a number from 1 to 300'],
    ['HAND_OVER_SECONDS', '301', 'Invalid value "301": expected a number from 1 to 300'],
    [
      'REGION',
      'EU',
      'Invalid value "EU": expected 1–63 characters of a–z, 0–9 and "-", not starting with "-". Write, for example, eu',
    ],
    [
      'NODE_ID',
      'a:b',
      'Invalid value "a:b": expected 1–63 characters of a–z, 0–9 and "-", not starting with "-". Write, for example, a-b',
    ],
    [
      'NODE_ID',
      'Turn-1.Example.org',
      'Invalid value "Turn-1.Example.org": expected 1–63 characters of a–z, 0–9 and "-", not starting with "-". Write, for example, turn-1-example-org',
    ],
    [
      'NODE_ID',
      '__node_1__',
      'Invalid value "__node_1__": expected 1–63 characters of a–z, 0–9 and "-", not starting with "-". Write, for example, node-1',
    ],
    ['NODE_ID', '…', 'Invalid value "…": expected 1–63 characters of a–z, 0–9 and "-", not starting with "-"'],
    [
      'TURN_PORT',
      'tcp://10.96.12.7:3478',
      'Invalid value "tcp://10.96.12.7:3478": expected a port, 1–65535. Kubernetes sets TURN_PORT for a Service named "turn": set enableServiceLinks: false in the pod, or rename the Service',
    ],
    [
      'ZONE',
      'rack 7',
      'Invalid value "rack 7": expected 1–63 characters of letters, digits, ".", "_", ":" and "-", the first a letter or digit',
    ],
    ['PUBLIC_IP', '2001:db8::1', 'Invalid value "2001:db8::1": expected an IPv4 address'],
    ['PUBLIC_IPV6', '192.0.2.1', 'Invalid value "192.0.2.1": expected an IPv6 address'],
    ['TURN_HOSTNAME', 'localhost', 'Invalid value "localhost": expected a fully qualified domain name'],
    ['TURN_ADDRESS', '[::1]', 'Invalid value "[::1]": expected an IP address without brackets, or a host name'],
    [
      'TURN_ADDRESS',
      '::1',
      'This is an IPv6 address, but PUBLIC_IP needs probes over IPv4: set TURN_ADDRESS to an IPv4 address or a host name, and TURN_ADDRESS_IPV6 to the IPv6 address',
    ],
    ['TURN_ADDRESS_IPV6', '127.0.0.1', 'Invalid value "127.0.0.1": expected an IPv6 address without brackets'],
    ['PROBE_PROOF', 'binding', 'Invalid value "binding": expected relay or allocation'],
    ['PROBE_PROOF_INTERVAL_SECONDS', '3601', 'Invalid value "3601": expected a number from 0 to 3600'],
    ['TURN_PORT', '0', 'Invalid value "0": expected a port, 1–65535'],
    ['REPORT_INTERVAL_SECONDS', '0.09', 'Invalid value "0.09": expected a number from 0.1 to 60'],
    ['REPORT_INTERVAL_SECONDS', '60.1', 'Invalid value "60.1": expected a number from 0.1 to 60'],
    ['BANDWIDTH_CAPACITY_MBPS', '0', 'Invalid value "0": expected a number above 0'],
    ['BANDWIDTH_CAPACITY_MBPS', '-1', 'Invalid value "-1": expected a number above 0'],
    [
      'NETWORK_INTERFACE',
      'eth 0',
      'Invalid value "eth 0": expected names of interfaces, at most 15 characters each, separated by commas',
    ],
    ['BANDWIDTH_WINDOW_SECONDS', '0.9', 'Invalid value "0.9": expected a number from 1 to 300'],
    [
      'TURN_METRICS_URL',
      'http://user:hush@h/',
      'Invalid value: expected an http:// or https:// URL without user, query and fragment',
    ],
    ['CPU_SCOPE', 'host', 'Invalid value "host": expected auto or machine'],
    ['RELAY_MAX_PORT', '65536', 'Invalid value "65536": expected a port, 1–65535'],
    ['PROBE_TIMEOUT_SECONDS', '0', 'Invalid value "0": expected a number from 0.05 to 60'],
    ['PROBE_SUCCESS_THRESHOLD', '0', 'Invalid value "0": expected a whole number from 1 to 100'],
    ['PROBE_FAILURE_THRESHOLD', '1.5', 'Invalid value "1.5": expected a whole number from 1 to 100'],
    ['OUTSIDE_PROBES', 'yes', 'Invalid value "yes": expected true or false'],
    ['OUTSIDE_PROBE_INTERVAL_SECONDS', '4.9', 'Invalid value "4.9": expected a number from 5 to 30'],
    ['OUTSIDE_PROBE_INTERVAL_SECONDS', '31', 'Invalid value "31": expected a number from 5 to 30'],
    ['DRAIN_SECONDS', '1.9', 'Invalid value "1.9": expected a number from 2 to 86400'],
    ['DRAIN_SECONDS', '86401', 'Invalid value "86401": expected a number from 2 to 86400'],
    ['DRAIN_FILE', 'drain', 'Invalid value "drain": expected an absolute path'],
    ['DRAIN_FILE_SECONDS', '604801', 'Invalid value "604801": expected a number from 2 to 604800'],
    ['TURN_PID_FILE', 'turnserver.pid', 'Invalid value "turnserver.pid": expected an absolute path'],
    [
      'TURN_CLI_PASSWORD',
      'hush hush hush hush',
      'Invalid value: expected 16–100 characters of letters, digits and "._~+/=-"',
    ],
    ['TURN_CLI_PORT', '0', 'Invalid value "0": expected a port, 1–65535'],
    ['LOG_LEVEL', 'INFO', 'Invalid value "INFO": expected trace, debug, info, warn, error, fatal, silent'],
  ])('%s cannot be %j', (name, value, fault) => {
    expect(faultsOf({ ...minimal, [name]: value })).toEqual([`${name}: ${fault}`]);
  });

  test.each<[what: string, settings: Environment, fault: string]>([
    [
      'the mode of routers with master keys',
      { TURN_SECRET_MODE: 'per-node' },
      'TURN_SECRET_MODE: per-node is not allowed for a single node: unset TURN_SECRET_MODE, and set TURN_SECRETS to the output of "turnctl secrets derive"',
    ],
    [
      'TLS without a name',
      { TURN_TLS_PORT: '443' },
      'TURN_HOSTNAME: Missing: expected the name in the certificate, because TURN_TLS_PORT is set',
    ],
    [
      'two kinds of secrets',
      { TURN_SECRETS: `a=${secret}` },
      'TURN_SECRET: Cannot be combined with TURN_SECRETS: set only one of them',
    ],
    [
      'two destinations',
      { ROUTER_URL: 'http://[::1]:8080', REPORTER_TOKEN: 't' },
      'ROUTER_URL: Cannot be combined with REDIS_URL: set only one of them',
    ],
    [
      'a router without a token',
      { REDIS_URL: undefined, ROUTER_URL: 'http://127.0.0.1:8080' },
      "REPORTER_TOKEN: Missing: expected the router's REPORTER_TOKEN, because ROUTER_URL is set",
    ],
    [
      'a router for probes without a token',
      { PROBE_ROUTER_URL: 'http://127.0.0.1:8080' },
      "REPORTER_TOKEN: Missing: expected the router's REPORTER_TOKEN, because PROBE_ROUTER_URL is set",
    ],
    [
      'a second router for probes',
      {
        REDIS_URL: undefined,
        ROUTER_URL: 'http://127.0.0.1:8080',
        REPORTER_TOKEN: 't',
        PROBE_ROUTER_URL: 'http://127.0.0.1:8081',
      },
      'PROBE_ROUTER_URL: Not possible with ROUTER_URL: this router also signs the credentials for probes',
    ],
    [
      'a router for probes with a password in its URL',
      { REPORTER_TOKEN: 't', PROBE_ROUTER_URL: 'http://u:p@127.0.0.1' },
      'PROBE_ROUTER_URL: Invalid value: expected an http:// or https:// URL without user, query and fragment',
    ],
    [
      'a CLI password without Redis, which holds the revocations',
      {
        REDIS_URL: undefined,
        ROUTER_URL: 'http://127.0.0.1:8080',
        REPORTER_TOKEN: 't',
        TURN_CLI_PASSWORD: 'x'.repeat(16),
      },
      'TURN_CLI_PASSWORD: Not possible with ROUTER_URL: expected REDIS_URL instead, because only Redis has the revocations',
    ],
    [
      'a range that ends before it starts',
      { RELAY_MIN_PORT: '20001', RELAY_MAX_PORT: '20000' },
      'RELAY_MIN_PORT: Too big: expected at most RELAY_MAX_PORT (20000)',
    ],
    [
      'a secret whose file is missing, with only one fault',
      { TURN_SECRET: undefined, TURN_SECRET_FILE: 'no/such/file' },
      'TURN_SECRET_FILE: Cannot read "no/such/file" (ENOENT): expected a readable file with the value of TURN_SECRET',
    ],
    ['a short secret', { TURN_SECRET: 'hush-hush' }, 'TURN_SECRET: the secret has 9 characters: expected at least 16'],
    [
      'a ring without ids',
      { TURN_SECRET: undefined, TURN_SECRETS: secret },
      'TURN_SECRETS: entry 1: expected "id=secret" with an id of 1–32 characters a–z, 0–9 and "-"',
    ],
    [
      'a Redis URL of another kind',
      { REDIS_URL: 'http://user:hush-hush@127.0.0.1' },
      'REDIS_URL: not a Redis URL: expected redis://[user:password@]host[:port][/database] or redis+sentinel://[user:password@]host:port,host:port/name[/database] or redis+cluster://[user:password@]host:port,host:port, or the same with rediss for TLS',
    ],
    [
      'several registries',
      { REDIS_URL: 'redis://127.0.0.1 redis://127.0.0.2' },
      'REDIS_URL: Too many URLs: expected one URL, because a node reports to one registry',
    ],
    [
      'a router URL with a password',
      { REDIS_URL: undefined, REPORTER_TOKEN: 't', ROUTER_URL: 'http://u:p@127.0.0.1' },
      'ROUTER_URL: Invalid value: expected an http:// or https:// URL without user, query and fragment',
    ],
    [
      'a token that is invalid in a header',
      { REDIS_URL: undefined, REPORTER_TOKEN: 'hush\nhush', ROUTER_URL: 'http://127.0.0.1' },
      'REPORTER_TOKEN: Invalid value: expected printable ASCII without spaces',
    ],
  ])('%s', (_what, changes, fault) => {
    expect(faultsOf({ ...minimal, ...changes })).toEqual([fault]);
  });

  test('no fault holds the value of a secret', () => {
    const secretNames = ['TURN_SECRET', 'TURN_SECRETS', 'REPORTER_TOKEN', 'REDIS_URL', 'TURN_CLI_PASSWORD'] as const;
    const values = fc.string({ minLength: 1, maxLength: 12 }).map((text) => `HUSH-${text}-HUSH`);
    fc.assert(
      fc.property(fc.subarray([...secretNames]), values, (names, value) => {
        const environment = { ...minimal, ...Object.fromEntries(names.map((name) => [name, value])) };
        expect(faultsOf(environment).join('\n')).not.toContain('HUSH');
      }),
    );
  });
});
