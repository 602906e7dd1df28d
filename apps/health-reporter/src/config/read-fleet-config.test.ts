import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { readFleetText, secret } from './read-fleet-text.fixture.ts';

describe('a fleet file', () => {
  test('is read in full; settings of one node override those of the fleet', async () => {
    const { fleet, secrets } = await readFleetText(
      `
nodes:
  - id: node-01
    region: eu-central-1
    zone: eu-central-1a
    privateAddress: 10.0.0.1
    privateIpv6: fd00::1
    publicIp: 192.0.2.50
    publicIpv6: 2001:db8::50
    hostname: turn-1.example.org
    port: 3479
    tlsPort: 443
    bandwidthCapacityMbps: 2500
    healthCheck: {intervalSeconds: 2, timeoutSeconds: 5, proof: allocation, realm: one.example.org}
  - {id: node-02, privateAddress: 10.0.0.2, publicIp: 192.0.2.51}
healthCheck:
  {intervalSeconds: 10, timeoutSeconds: 1, successThreshold: 2, failureThreshold: 3, proofIntervalSeconds: 30, realm: example.org}
`,
      { REGION: 'us-east-1', LOG_LEVEL: 'warn' },
    );
    expect(fleet).toEqual({
      nodes: [
        {
          key: { region: 'eu-central-1', id: 'node-01' },
          identity: {
            public_ip: '192.0.2.50',
            public_ipv6: '2001:db8::50',
            hostname: 'turn-1.example.org',
            port: 3_479,
            tls_port: 443,
            bandwidth_capacity_mbps: 2_500,
            zone: 'eu-central-1a',
          },
          privateAddress: '10.0.0.1',
          target: {
            hosts: { IPv4: '10.0.0.1', IPv6: 'fd00::1' },
            ports: { udp: 3_479, tcp: 3_479, tls: 443 },
            serverName: 'turn-1.example.org',
            realm: 'one.example.org',
            proof: 'allocation',
            proofIntervalMs: 30_000,
            proofsInRow: 2,
            // 0.8 of its interval.
            timeoutMs: 1_600,
          },
          thresholds: { success: 2, failure: 3 },
          intervalMs: 2_000,
          ttlMs: 8_000,
        },
        {
          key: { region: 'us-east-1', id: 'node-02' },
          identity: { public_ip: '192.0.2.51', port: 3_478 },
          privateAddress: '10.0.0.2',
          target: {
            hosts: { IPv4: '10.0.0.2' },
            ports: { udp: 3_478, tcp: 3_478 },
            realm: 'example.org',
            proof: 'relay',
            proofIntervalMs: 30_000,
            proofsInRow: 2,
            timeoutMs: 1_000,
          },
          thresholds: { success: 2, failure: 3 },
          intervalMs: 10_000,
          ttlMs: 40_000,
        },
      ],
      secretMode: 'shared',
      load: { algorithm: 'random' },
      unusedFields: [],
      logLevel: 'warn',
    });
    expect(secrets).toEqual({
      keyRing: { keys: [{ id: 'default', secret }] },
      destination: { kind: 'redis', url: 'redis://127.0.0.1:6379' },
    });
  });

  test('accepts each example of docs/fleets.md', async () => {
    const page = await readFile(new URL('../../docs/fleets.md', import.meta.url), 'utf8');
    const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);
    expect(examples).toHaveLength(2);
    for (const example of examples) {
      const { fleet, faults } = await readFleetText(example, { REGION: 'eu-central-1' });
      expect(faults).toEqual([]);
      expect(fleet?.load.algorithm).toBe('metrics');
    }
  });

  test('takes absent fields from the environment', async () => {
    const { fleet } = await readFleetText(
      'nodes: [{id: a, region: eu, privateAddress: 10.0.0.1, publicIp: 192.0.2.1}]',
      {
        REPORT_INTERVAL_SECONDS: '4',
        PROBE_TIMEOUT_SECONDS: '3',
        PROBE_SUCCESS_THRESHOLD: '5',
        PROBE_FAILURE_THRESHOLD: '6',
        PROBE_PROOF: 'allocation',
        PROBE_PROOF_INTERVAL_SECONDS: '60',
        TURN_REALM: 'turn.example.org',
        TURN_SECRET_MODE: 'per-node',
      },
    );
    expect(fleet?.secretMode).toBe('per-node');
    expect(fleet?.nodes[0]).toMatchObject({
      target: { timeoutMs: 3_000, proof: 'allocation', proofIntervalMs: 60_000, realm: 'turn.example.org' },
      thresholds: { success: 5, failure: 6 },
      intervalMs: 4_000,
      ttlMs: 28_000,
    });
  });

  test.each([
    [{ intervalSeconds: 5, successThreshold: 1 }, 15_000],
    [{ intervalSeconds: 5, successThreshold: 4 }, 30_000],
    [{ intervalSeconds: 100, successThreshold: 2 }, 300_000],
  ])(
    'with %j gives reports a TTL of %d ms, long enough for a restarted watch to decide',
    async (healthCheck, ttlMs) => {
      const nodes = [{ id: 'a', privateAddress: '10.0.0.1', publicIp: '192.0.2.1', healthCheck }];
      const { fleet } = await readFleetText(JSON.stringify({ nodes }), { REGION: 'eu' });
      expect(fleet?.nodes[0]?.ttlMs).toBe(ttlMs);
    },
  );
});

const oneNode = 'nodes: [{id: a, region: eu, privateAddress: 10.0.0.1, publicIp: 192.0.2.50}]';

describe('the name of a watch', () => {
  test.each<[environment: Record<string, string>, region: string, everyMs: number]>([
    [{ WATCH_ID: 'watch-1', WATCH_REGION: 'us' }, 'us', 30_000],
    [{ WATCH_ID: 'watch-1', REGION: 'eu' }, 'eu', 30_000],
    [{ WATCH_ID: 'watch-1', REGION: 'eu', WATCH_REGION: 'us', OUTSIDE_PROBE_INTERVAL_SECONDS: '5' }, 'us', 5_000],
  ])('makes it a prober: %j', async (settings, region, everyMs) => {
    const { fleet, faults } = await readFleetText(oneNode, settings);
    expect(faults).toEqual([]);
    expect(fleet?.prober).toEqual({ key: { region, id: 'watch-1' }, everyMs });
  });

  test('is optional', async () => {
    const { fleet, faults } = await readFleetText(oneNode, { REGION: 'eu' });
    expect(faults).toEqual([]);
    expect(fleet?.prober).toBeUndefined();
  });

  test.each<[environment: Record<string, string>, fault: string]>([
    [{ WATCH_ID: 'watch-1' }, 'WATCH_REGION: Missing: expected WATCH_REGION or REGION, because WATCH_ID is set'],
    [{ WATCH_REGION: 'us' }, 'WATCH_REGION: Not possible without WATCH_ID'],
    [
      { WATCH_ID: 'a', WATCH_REGION: 'eu' },
      'WATCH_ID: Name of a node of FLEET_FILE: expected a name that no node of eu has',
    ],
    [{ WATCH_ID: 'a', REGION: 'eu' }, 'WATCH_ID: Name of a node of FLEET_FILE: expected a name that no node of eu has'],
    [
      { WATCH_ID: 'Watch 1', REGION: 'eu' },
      'WATCH_ID: Invalid value "Watch 1": expected 1–63 characters of a–z, 0–9 and "-", not starting with "-". Write, for example, watch-1',
    ],
  ])('is refused: %j', async (settings, fault) => {
    expect((await readFleetText(oneNode, settings)).faults).toEqual([fault]);
  });

  test('may be that of a node of another region', async () => {
    expect((await readFleetText(oneNode, { WATCH_ID: 'a', WATCH_REGION: 'us' })).faults).toEqual([]);
  });
});
