import { describe, expect, test } from '@jest/globals';
import type { Environment } from '@turn-router/settings';
import { temporaryDirectory } from '@turn-router/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minimal, node, secret } from './minimal-settings.fixture.ts';
import { readConfig } from './read-config.ts';

function accepted(environment: Environment) {
  const read = readConfig(environment);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.config;
}

describe('valid settings', () => {
  test('get every default if only the required settings are set', () => {
    const { config, secrets } = accepted(minimal);
    expect(config).toEqual({
      key: { region: 'eu-central-1', id: 'node-01' },
      identity: { public_ip: '192.0.2.50', port: 3478 },
      target: {
        hosts: { IPv4: '127.0.0.1' },
        ports: { udp: 3478, tcp: 3478 },
        proof: 'relay',
        proofIntervalMs: 10_000,
        proofsInRow: 1,
        timeoutMs: 2_000,
      },
      thresholds: { success: 1, failure: 2 },
      relayPorts: { min: 49_152, max: 65_535 },
      bandwidthWindowMs: 5_000,
      metricsTimeoutMs: 1_000,
      cpuScope: 'auto',
      intervalMs: 5_000,
      ttlMs: 15_000,
      deadlines: { stopMs: 8_000, withdrawMs: 3_600_000 },
      handOverMs: 60_000,
      drainOnSigterm: false,
      turnCliPort: 5_766,
      outsideEveryMs: 30_000,
      logLevel: 'info',
    });
    expect(secrets).toEqual({
      keyRing: { keys: [{ id: 'default', secret }] },
      destination: { kind: 'redis', url: 'redis://127.0.0.1:6379' },
    });
  });

  test('may name a router that signs credentials for probes, beside Redis', () => {
    const settings = { PROBE_ROUTER_URL: 'https://router.example.org', REPORTER_TOKEN: 'token-of-this-node' };
    expect(accepted({ ...minimal, ...settings }).secrets.destination).toEqual({
      kind: 'redis',
      url: 'redis://127.0.0.1:6379',
      probeRouter: { url: 'https://router.example.org', token: 'token-of-this-node' },
    });
    expect(accepted({ ...minimal, REPORTER_TOKEN: 'token-of-this-node' }).secrets).toEqual(accepted(minimal).secrets);
  });

  test('may keep the reporter from probing other nodes', () => {
    expect(accepted({ ...minimal, OUTSIDE_PROBES: 'false' }).config.outsideEveryMs).toBeUndefined();
  });

  test('may set everything', () => {
    const { config, secrets } = accepted({
      REGION: 'eu-central-1',
      NODE_ID: 'node-01',
      ZONE: 'eu-central-1a',
      PUBLIC_IP: '192.0.2.50',
      PUBLIC_IPV6: '2001:db8::50',
      TURN_HOSTNAME: 'turn-1.example.org',
      TURN_ADDRESS: '10.0.0.7',
      TURN_ADDRESS_IPV6: 'fd00::7',
      TURN_REALM: 'example.org',
      TURN_PORT: '3479',
      TURN_TLS_PORT: '443',
      TURN_SECRETS: 'b=second-secret-0123456,a=first-secret-01234567',
      ROUTER_URL: 'https://router.example.org/turn/',
      REPORTER_TOKEN: 'token-of-the-reporters',
      REPORT_INTERVAL_SECONDS: '1.5',
      BANDWIDTH_CAPACITY_MBPS: '2500.5',
      NETWORK_INTERFACE: 'eth0.100,wg0,eth0.100',
      BANDWIDTH_WINDOW_SECONDS: '10',
      TURN_METRICS_URL: 'http://127.0.0.1:9641/metrics',
      CPU_SCOPE: 'machine',
      RELAY_MIN_PORT: '20000',
      RELAY_MAX_PORT: '20000',
      PROBE_TIMEOUT_SECONDS: '0.5',
      PROBE_PROOF: 'allocation',
      PROBE_PROOF_INTERVAL_SECONDS: '0',
      PROBE_SUCCESS_THRESHOLD: '3',
      PROBE_FAILURE_THRESHOLD: '4',
      HAND_OVER_SECONDS: '90',
      DRAIN_ON_SIGTERM: 'true',
      DRAIN_SECONDS: '2',
      DRAIN_FILE: '/run/turn/drain',
      DRAIN_FILE_SECONDS: '86400',
      TURN_PID_FILE: '/run/turnserver/turnserver.pid',
      TURN_CLI_PORT: '5767',
      OUTSIDE_PROBES: 'true',
      OUTSIDE_PROBE_INTERVAL_SECONDS: '5',
      LOG_LEVEL: 'debug',
    });
    expect(config).toEqual({
      key: { region: 'eu-central-1', id: 'node-01' },
      identity: {
        public_ip: '192.0.2.50',
        public_ipv6: '2001:db8::50',
        hostname: 'turn-1.example.org',
        port: 3_479,
        tls_port: 443,
        bandwidth_capacity_mbps: 2_500.5,
        zone: 'eu-central-1a',
      },
      target: {
        hosts: { IPv4: '10.0.0.7', IPv6: 'fd00::7' },
        ports: { udp: 3_479, tcp: 3_479, tls: 443 },
        serverName: 'turn-1.example.org',
        realm: 'example.org',
        proof: 'allocation',
        proofIntervalMs: 0,
        proofsInRow: 3,
        timeoutMs: 500,
      },
      thresholds: { success: 3, failure: 4 },
      networkInterfaces: ['eth0.100', 'wg0'],
      bandwidthWindowMs: 10_000,
      metricsUrl: 'http://127.0.0.1:9641/metrics',
      metricsTimeoutMs: 300,
      relayPorts: { min: 20_000, max: 20_000 },
      cpuScope: 'machine',
      intervalMs: 1_500,
      ttlMs: 4_500,
      deadlines: { stopMs: 2_000, withdrawMs: 86_400_000 },
      handOverMs: 90_000,
      drainOnSigterm: true,
      drainFile: '/run/turn/drain',
      turnPidFile: '/run/turnserver/turnserver.pid',
      outsideEveryMs: 5_000,
      turnCliPort: 5_767,
      logLevel: 'debug',
    });
    expect(secrets).toEqual({
      keyRing: {
        keys: [
          { id: 'b', secret: 'second-secret-0123456' },
          { id: 'a', secret: 'first-secret-01234567' },
        ],
      },
      destination: { kind: 'router', url: 'https://router.example.org/turn/', token: 'token-of-the-reporters' },
    });
  });

  test.each<[settings: Environment, hosts: object]>([
    [{ PUBLIC_IP: '192.0.2.50' }, { IPv4: '127.0.0.1' }],
    [{ PUBLIC_IPV6: '2001:db8::50' }, { IPv6: '::1' }],
    [{ PUBLIC_IPV6: '2001:db8::50', TURN_ADDRESS: 'fd00::7' }, { IPv6: 'fd00::7' }],
    [
      { PUBLIC_IP: '192.0.2.50', PUBLIC_IPV6: '2001:db8::50' },
      { IPv4: '127.0.0.1', IPv6: '::1' },
    ],
    [{ PUBLIC_IP: '192.0.2.50', TURN_ADDRESS_IPV6: 'fd00::7' }, { IPv4: '127.0.0.1' }],
    [{ TURN_HOSTNAME: 'turn-1.example.org' }, { IPv4: '127.0.0.1' }],
    [{ TURN_HOSTNAME: 'turn-1.example.org', TURN_ADDRESS: '::1' }, { IPv6: '::1' }],
    [{ TURN_HOSTNAME: 'turn-1.example.org', PUBLIC_IPV6: '2001:db8::50' }, { IPv6: '::1' }],
  ])('of %j it probes %j', (addresses, hosts) => {
    expect(accepted({ ...minimal, PUBLIC_IP: undefined, ...addresses }).config.target.hosts).toEqual(hosts);
  });

  test('may have each secret in a file', async () => {
    await using directory = await temporaryDirectory('config');
    const fileOf = async (name: string, text: string) => {
      const path = join(directory.path, name);
      await writeFile(path, `${text}\n`);
      return path;
    };
    const withRedis = accepted({
      ...node,
      TURN_SECRET_FILE: await fileOf('secret', secret),
      REDIS_URL_FILE: await fileOf('redis', 'redis://127.0.0.1:6379'),
      TURN_CLI_PASSWORD_FILE: await fileOf('cli', 'kJ8-password-of-the-cli'),
    });
    expect(withRedis.secrets).toEqual({
      ...accepted(minimal).secrets,
      turnCliPassword: 'kJ8-password-of-the-cli',
    });
    const withRouter = accepted({
      ...node,
      TURN_SECRETS_FILE: await fileOf('ring', `a=${secret}`),
      REPORTER_TOKEN_FILE: await fileOf('token', 'token-of-the-reporters'),
      ROUTER_URL: 'http://127.0.0.1:8080',
    });
    expect(withRouter.secrets).toEqual({
      keyRing: { keys: [{ id: 'a', secret }] },
      destination: { kind: 'router', url: 'http://127.0.0.1:8080', token: 'token-of-the-reporters' },
    });
  });

  test.each([
    ['0.1', 80],
    ['1', 800],
    ['2.5', 2_000],
    ['60', 2_000],
  ])(
    'at an interval of %s s a probe may take %i ms, so that its report is published within the interval',
    (interval, timeoutMs) => {
      expect(accepted({ ...minimal, REPORT_INTERVAL_SECONDS: interval }).config.target.timeoutMs).toBe(timeoutMs);
    },
  );
});
