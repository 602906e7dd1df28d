import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import { readFleetConfig } from './read-fleet-config.ts';
import { environment, readFleetText } from './read-fleet-text.fixture.ts';

describe('faults', () => {
  const node = '{id: a, region: eu, privateAddress: 10.0.0.1, publicIp: 192.0.2.1}';

  test('are listed together, each with its line', async () => {
    const { faults } = await readFleetText(
      `nodes:
  - id: Node
    privateAddress: "[::1]"
    publicIp: here
    port: 0
    colour: red
healthCheck: {intervalSeconds: 101, failureThreshold: 0}
loadBalancer:
  algorithm: metrics
  prometheus:
    endpoint: prometheus.internal:9090
    query: ''
    unit: bananas
webAPI: {port: 8080}
`,
      { LOG_LEVEL: 'loud', NODE_ID: 'node-01', TURN_SECRET: undefined },
    );
    expect(faults).toEqual([
      'LOG_LEVEL: Invalid value "loud": expected trace, debug, info, warn, error, fatal, silent',
      'NODE_ID: Not allowed with FLEET_FILE, because this setting belongs to one node: set it in that file',
      'TURN_SECRETS: Missing: expected TURN_SECRETS or TURN_SECRET',
      'FLEET_FILE: F:2: nodes[0].id: Invalid node id: expected 1–63 characters of a–z, 0–9 and "-", not starting with "-"',
      'FLEET_FILE: F:3: nodes[0].privateAddress: Invalid address: expected an IP address without brackets or port, or a host name',
      'FLEET_FILE: F:4: nodes[0].publicIp: Invalid IPv4 address',
      'FLEET_FILE: F:5: nodes[0].port: Too small: expected number to be >=1',
      'FLEET_FILE: F:6: nodes[0].colour: Unknown field: expected one of id, region, zone, privateAddress, privateIpv6, publicIp, publicIpv6, hostname, port, tlsPort, bandwidthCapacityMbps, healthCheck',
      'FLEET_FILE: F:7: healthCheck.intervalSeconds: Too big: expected number to be <=100',
      'FLEET_FILE: F:7: healthCheck.failureThreshold: Too small: expected number to be >=1',
      'FLEET_FILE: F:11: loadBalancer.prometheus.endpoint: Invalid endpoint: expected http:// or https:// and a host, such as http://prometheus.internal',
      'FLEET_FILE: F:12: loadBalancer.prometheus.query: Too small: expected string to have >=1 characters',
      'FLEET_FILE: F:13: loadBalancer.prometheus.unit: Invalid option: expected one of "bytesPerSecond"|"bitsPerSecond"|"megabitsPerSecond"|"cpuPercent"',
      'FLEET_FILE: F:14: webAPI: Unknown field: expected one of nodes, turn, healthCheck, loadBalancer, webApi, logLevel',
    ]);
  });

  test.each([
    ['', 'F:1: Invalid input: expected object, received null'],
    ['nodes: [', 'F:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['{}', 'F:1: nodes: Missing: expected nodes or turn.addressMapping'],
    [
      `nodes: [${node}]\nturn: {addressMapping: {192.0.2.1: 10.0.0.1}}`,
      'F:2: turn: Both nodes and turn are set: expected only one of these fields',
    ],
    [
      'nodes:\n  - {id: a, privateAddress: 10.0.0.1, publicIp: 192.0.2.1}',
      'F:2: nodes[0].region: Missing: expected a region in this field, or in the setting REGION',
    ],
    [
      'nodes:\n  - {id: a, region: eu, privateAddress: 10.0.0.1}',
      'F:2: nodes[0].publicIp: Missing address: expected at least one of publicIp, publicIpv6 and hostname',
    ],
    [
      'nodes:\n  - {id: a, region: eu, privateAddress: 10.0.0.1, publicIp: 192.0.2.1, tlsPort: 443}',
      'F:2: nodes[0].hostname: Missing: expected the name in the certificate, because tlsPort is set',
    ],
    [
      'nodes:\n  - {id: a, region: eu, privateAddress: fd00::1, publicIp: 192.0.2.1}',
      'F:2: nodes[0].privateAddress: A probe of an IPv6 address cannot prove publicIp: expected an IPv4 address or a host name',
    ],
    [
      'nodes:\n  - {id: a, region: eu, privateAddress: 10.0.0.1, publicIp: 192.0.2.1, publicIpv6: 2001:db8::1}',
      'F:2: nodes[0].privateIpv6: Missing: expected the IPv6 address to probe, because both publicIp and publicIpv6 are set',
    ],
    [
      'nodes:\n  - {id: a, region: eu, privateAddress: 10.0.0.1, privateIpv6: fd00::1, publicIp: 192.0.2.1}',
      'F:2: nodes[0].privateIpv6: Needs both publicIp and publicIpv6: remove this field and set only privateAddress',
    ],
    [
      `nodes:\n  - ${node}\n  - {id: a, region: eu, privateAddress: 10.0.0.2, publicIp: 192.0.2.2}`,
      'F:3: nodes[1].id: Repeated id "a": expected each node of a region only once',
    ],
    [
      `nodes:\n  - ${node}\n  - {id: b, region: eu, privateAddress: 10.0.0.1, publicIp: 192.0.2.2, port: 3478}`,
      'F:3: nodes[1].privateAddress: Repeated privateAddress "10.0.0.1": expected each TURN server only once',
    ],
    [
      'turn:\n  addressMapping: {192.0.2.1: 10.0.0.1}',
      'F:2: turn.addressMapping: Missing region: expected the setting REGION, because these nodes have no region',
    ],
    [
      `nodes: [${node}]\nloadBalancer: {algorithm: metrics}`,
      'F:2: loadBalancer.prometheus: Invalid input: expected object, received undefined',
    ],
    [
      `nodes: [${node}]\nloadBalancer: {algorithm: least}`,
      'F:2: loadBalancer.algorithm: Invalid algorithm: expected "metrics" or "random"',
    ],
  ])('%j', async (file, fault) => {
    expect((await readFleetText(file)).faults).toEqual([`FLEET_FILE: ${fault}`]);
  });

  const withEndpoint = (endpoint: string, port = '') =>
    readFleetText(
      `nodes: [${node}]\nloadBalancer:\n  algorithm: metrics\n  prometheus: {endpoint: "${endpoint}", query: up${port}}`,
    );

  test.each<[endpoint: string, field: string, port: number]>([
    ['http://prometheus.internal', '', 9090],
    ['http://prometheus.internal', ', port: 9091', 9091],
    ['http://prometheus.internal:9091', '', 9091],
    ['http://prometheus.internal:80', '', 80],
    ['http://prometheus.internal:9091/', ', port: 9091', 9091],
    ['https://monitoring.example.org:443/prometheus/', '', 443],
    ['http://[fd00::1]:9091/prometheus', '', 9091],
  ])('do not include the endpoint %s%s', async (endpoint, field, port) => {
    const { fleet, faults } = await withEndpoint(endpoint, field);
    expect(faults).toEqual([]);
    expect(fleet?.load).toMatchObject({ prometheus: { endpoint, port } });
  });

  const notUrl = 'expected http:// or https:// and a host, such as http://prometheus.internal';
  const noUser =
    'a user is not supported: expected an endpoint without user, such as a local proxy that adds user and password';
  test.each([
    ['prometheus.internal:9090', notUrl],
    ['ftp://prometheus.internal', notUrl],
    ['http://', notUrl],
    ['http:///prometheus', notUrl],
    ['http://prometheus.internal:99999', notUrl],
    ['http://admin:hush@prometheus.internal', noUser],
    ['http://token@prometheus.internal', noUser],
    ['http://prometheus.internal/?x=y', 'expected no query and no fragment'],
    [
      'http://prometheus.internal/api/v1/query',
      'expected the path before /api/v1, because the watch adds /api/v1/query',
    ],
  ])('include the endpoint %s, without its password', async (endpoint, problem) => {
    const { faults } = await withEndpoint(endpoint);
    expect(faults).toEqual([`FLEET_FILE: F:4: loadBalancer.prometheus.endpoint: Invalid endpoint: ${problem}`]);
    expect(faults?.join()).not.toContain('hush');
  });

  test('include a second port', async () => {
    expect((await withEndpoint('http://a:9090', ', port: 9091')).faults).toEqual([
      'FLEET_FILE: F:4: loadBalancer.prometheus.port: Differs from the port in endpoint: expected only one of them',
    ]);
  });

  test('include a repeated node, once with its region and once with REGION', async () => {
    const nodes = `nodes:\n  - ${node}\n  - {id: a, privateAddress: 10.0.0.2, publicIp: 192.0.2.2}`;
    expect((await readFleetText(nodes, { REGION: 'eu' })).faults).toEqual([
      'FLEET_FILE: F:3: nodes[1].id: Repeated id "a": expected each node of a region only once',
    ]);
    expect((await readFleetText(nodes, { REGION: 'us' })).faults).toEqual([]);
  });

  test('include a file that is too large, and a folder', async () => {
    await using directory = await temporaryDirectory('fleet-file');
    const path = join(directory.path, 'fleet.yaml');
    await writeFile(path, '');
    await truncate(path, 100_000_000_000);
    expect(readFleetConfig({ ...environment, FLEET_FILE: path })).toMatchObject({
      faults: [{ field: 'FLEET_FILE', detail: `${path}: 100000000000 bytes: expected at most 8388608` }],
    });
    expect(readFleetConfig({ ...environment, FLEET_FILE: directory.path })).toMatchObject({
      faults: [{ field: 'FLEET_FILE', detail: `${directory.path}: Expected a regular file` }],
    });
  });

  test('include a missing file', () => {
    expect(readFleetConfig({ ...environment, FLEET_FILE: 'no/such/file' })).toEqual({
      ok: false,
      faults: [{ field: 'FLEET_FILE', detail: 'Cannot read "no/such/file" (ENOENT)' }],
    });
  });
});
