import { describe, expect, test } from '@jest/globals';
import { readFleetText } from './read-fleet-text.fixture.ts';

const olderFile = `
turn:
  addressMapping:
    coturn-01.example.com: 10.0.0.1
    192.0.2.7: 10.0.0.2
    "2001:db8::7": turn-3.internal
webApi:
  host: 0.0.0.0
  port: 8080
  threads: 4
logLevel: INFO
healthCheck:
  intervalSeconds: 15
  timeoutSeconds: 5
  successThreshold: 3
  failureThreshold: 4
  port: 3479
loadBalancer:
  algorithm: metrics
  intervalMinutes: 5
  durationMinutes: 10
  timeoutSeconds: 8
  prometheus:
    endpoint: http://prometheus.internal
    port: 9091
    query: 'avg by (instance) (irate(node_network_transmit_bytes_total{instance=~"%s"}[5m]))'
`;

describe('the file of the older balancer', () => {
  test('is read unchanged; its nodes are in REGION', async () => {
    const { fleet } = await readFleetText(olderFile, { REGION: 'eu-central-1' });
    const common = { thresholds: { success: 3, failure: 4 }, intervalMs: 15_000, ttlMs: 75_000 };
    const target = {
      ports: { udp: 3_479, tcp: 3_479 },
      timeoutMs: 5_000,
      proof: 'relay',
      proofIntervalMs: 10_000,
      proofsInRow: 3,
    };
    expect(fleet).toEqual({
      nodes: [
        {
          key: { region: 'eu-central-1', id: 'coturn-01-example-com' },
          identity: { hostname: 'coturn-01.example.com', port: 3_479 },
          privateAddress: '10.0.0.1',
          target: { ...target, hosts: { IPv4: '10.0.0.1' }, serverName: 'coturn-01.example.com' },
          ...common,
        },
        {
          key: { region: 'eu-central-1', id: '192-0-2-7' },
          identity: { public_ip: '192.0.2.7', port: 3_479 },
          privateAddress: '10.0.0.2',
          target: { ...target, hosts: { IPv4: '10.0.0.2' } },
          ...common,
        },
        {
          key: { region: 'eu-central-1', id: '2001-db8--7' },
          identity: { public_ipv6: '2001:db8::7', port: 3_479 },
          privateAddress: 'turn-3.internal',
          target: { ...target, hosts: { IPv4: 'turn-3.internal' } },
          ...common,
        },
      ],
      secretMode: 'shared',
      load: {
        algorithm: 'metrics',
        intervalMinutes: 5,
        durationMinutes: 10,
        timeoutSeconds: 8,
        prometheus: {
          endpoint: 'http://prometheus.internal',
          port: 9_091,
          query: 'avg by (instance) (irate(node_network_transmit_bytes_total{instance=~"%s"}[5m]))',
          unit: 'bytesPerSecond',
        },
      },
      unusedFields: ['webApi', 'logLevel'],
      logLevel: 'info',
    });
  });

  test('may use the algorithm random and keep the fields of metrics', async () => {
    const { fleet } = await readFleetText(olderFile.replace('algorithm: metrics', 'algorithm: random'), {
      REGION: 'eu',
    });
    expect(fleet?.load.algorithm).toBe('random');
  });

  test.each([
    [
      '  addressMapping:',
      '  adressMapping:',
      [
        '2: turn.addressMapping: Invalid input: expected record, received undefined',
        '3: turn.adressMapping: Unknown field: expected one of addressMapping',
      ],
    ],
    [
      '    192.0.2.7: 10.0.0.2',
      '    192.0.2.7: 10.0.0.1',
      ['5: turn.addressMapping.192.0.2.7: Repeated address "10.0.0.1": expected each TURN server only once'],
    ],
    [
      '  timeoutSeconds: 5',
      '  timeout: 5',
      [
        '14: healthCheck.timeout: Unknown field: expected one of intervalSeconds, timeoutSeconds, successThreshold, failureThreshold, realm, proof, proofIntervalSeconds, port',
      ],
    ],
    [
      'intervalSeconds: 15',
      'intervalSeconds: 15s',
      ['13: healthCheck.intervalSeconds: Invalid input: expected number, received string'],
    ],
    [
      'algorithm: metrics',
      'algorithm: leastLoad',
      ['19: loadBalancer.algorithm: Invalid algorithm: expected "metrics" or "random"'],
    ],
    [
      '    port: 9091',
      '    user: me',
      ['25: loadBalancer.prometheus.user: Unknown field: expected one of endpoint, port, query, unit'],
    ],
  ])('reports an invalid line, %j as %j, with its number and the expected value', async (line, wrong, faults) => {
    const result = await readFleetText(olderFile.replace(line, wrong), { REGION: 'eu' });
    expect(result.faults).toEqual(faults.map((fault) => `FLEET_FILE: F:${fault}`));
  });

  test.each([
    ['', 'F:2: turn.addressMapping: Too small: expected at least one node'],
    [
      'localhost: 10.0.0.1',
      'F:2: turn.addressMapping.localhost: Invalid public address: expected an IP address or a fully qualified domain name',
    ],
    [
      'a.b-c.org: 10.0.0.1, a-b.c.org: 10.0.0.2',
      'F:2: turn.addressMapping.a-b.c.org: Repeated node id "a-b-c-org": expected addresses that result in different ids',
    ],
    [
      '192.0.2.1: 10.0.0.1, 192.0.2.2: 10.0.0.1',
      'F:2: turn.addressMapping.192.0.2.2: Repeated address "10.0.0.1": expected each TURN server only once',
    ],
    [
      '"2001:db8::1": 10.0.0.1',
      'F:2: turn.addressMapping.2001:db8::1: A probe of an IPv4 address cannot prove publicIpv6: expected an IPv6 address or a host name',
    ],
    [
      `${'x'.repeat(60)}.example.org: 10.0.0.1`,
      `F:2: turn.addressMapping.${'x'.repeat(60)}.example.org: Too long: expected an address whose node id is valid, but the node id would be "${'x'.repeat(60)}-example-org"`,
    ],
  ])('is refused with the mapping %j', async (mapping, fault) => {
    const { faults } = await readFleetText(`turn:\n  addressMapping: {${mapping}}`, { REGION: 'eu' });
    expect(faults).toEqual([`FLEET_FILE: ${fault}`]);
  });
});
