import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import { idle, policy, policyWith, relayNode } from './fleet.fixture.ts';
import { anyTransportBit, relayNodeFromReport, takesCalls, transportBitsOf } from './relay-node.ts';

const v6 = (public_ipv6: string): Partial<NodeReport> => ({ public_ip: undefined, public_ipv6 });

test('a full report sets every figure', () => {
  const report: NodeReport = {
    status: 'healthy',
    cpu: 20,
    bandwidth_mbps: 150,
    bandwidth_capacity_mbps: 600,
    public_ip: '192.0.2.50',
    hostname: 'turn-1.example.org',
    port: 3478,
    tls_port: 443,
    transports: ['udp', 'tls'],
    allocations: 30,
    allocations_capacity: 120,
    zone: 'use1-az2',
  };
  expect(relayNodeFromReport({ key: { region: 'virginia', id: 'node-01' }, report }, policy)).toEqual({
    key: { region: 'virginia', id: 'node-01' },
    name: 'virginia/node-01',
    cpu: 20,
    bandwidthMbps: 150,
    capacityMbps: 600,
    claimedMbps: 600,
    isUnproven: false,
    reportedMbps: 150,
    otherUse: 0.25,
    isBeyondCapacity: false,
    trustedShare: 1,
    allocations: { live: 30, limit: 120 },
    reportedLoad: 0.25,
    transports: ['udp', 'tls'],
    transportBits: transportBitsOf(['udp', 'tls']) | anyTransportBit,
    failureDomain: 'zone use1-az2',
    report,
  });
});

describe('the capacity of a node', () => {
  const ofPolicy = policyWith({ capacity: { bandwidthMbps: 400 } });
  const ofRegion = policyWith({
    capacity: { bandwidthMbps: 400 },
    regions: { virginia: { location: [38.95, -77.45], bandwidthCapacityMbps: 2500 } },
  });

  test.each([
    ['from the report', { bandwidth_capacity_mbps: 600 }, ofRegion, 600],
    ['from the report, at any weight', { bandwidth_capacity_mbps: 600, weight: 3 }, ofRegion, 600],
    ['otherwise from the region', {}, ofRegion, 2500],
    ['otherwise from the region, times the weight', { weight: 0.5 }, ofRegion, 1250],
    ['otherwise from the policy', {}, ofPolicy, 400],
    ['otherwise from the policy, times the weight', { weight: 3 }, ofPolicy, 1200],
    ['otherwise 1000', {}, policy, 1000],
  ])('is %s', (_, report, read, capacityMbps) => {
    expect(relayNode(report, read).capacityMbps).toBe(capacityMbps);
  });
});

describe('the allocations of a node', () => {
  test.each([
    ['when both are reported', { allocations: 3, allocations_capacity: 10 }, { live: 3, limit: 10 }],
    ['not without a limit', { allocations: 3 }, undefined],
    ['not without a count', { allocations_capacity: 10 }, undefined],
    ['not with a limit of 0', { allocations: 3, allocations_capacity: 0 }, undefined],
  ])('count %s', (_, report, allocations) => {
    expect(relayNode(report).allocations).toEqual(allocations);
  });
});

describe('the transports that clients can use', () => {
  const tls = { transports: ['udp', 'tls'] } as const;

  test.each<[string, Partial<NodeReport>, string[]]>([
    ['UDP and TCP if the report has none', {}, ['udp', 'tcp']],
    ['the reported transports', { transports: ['tcp'] }, ['tcp']],
    [
      'TLS with a name and a port',
      { transports: [...tls.transports], hostname: 'turn.example.org', tls_port: 443 },
      ['udp', 'tls'],
    ],
    ['not TLS without a name', { transports: [...tls.transports], tls_port: 443 }, ['udp']],
    ['not TLS without a port', { transports: [...tls.transports], hostname: 'turn.example.org' }, ['udp']],
  ])('are %s', (_, report, transports) => {
    expect(relayNode(report).transports).toEqual(transports);
  });
});

describe('the failure domain of a node', () => {
  test.each<[string, Partial<NodeReport>, string]>([
    ['its zone', { zone: 'eu-central-1a', public_ip: '192.0.2.1', public_ipv6: '2001:db8::1' }, 'zone eu-central-1a'],
    ['otherwise the /24 of its IPv4 address', { public_ip: '192.0.2.1', public_ipv6: '2001:db8::1' }, '192.0.2'],
    ['otherwise the /48 of its IPv6 address', { public_ip: undefined, public_ipv6: '2001:db8:7:1::1' }, '2001:db8:7'],
    ['otherwise the node itself', { public_ip: undefined, hostname: 'turn.example.org' }, 'virginia/n0'],
  ])('is %s', (_, report, failureDomain) => {
    expect(relayNode(report).failureDomain).toBe(failureDomain);
  });

  test.each([
    ['the first and last of a /24', { public_ip: '192.0.2.0' }, { public_ip: '192.0.2.255' }, true],
    ['neighbours of two /24s', { public_ip: '192.0.2.255' }, { public_ip: '192.0.3.0' }, false],
    ['the first and last of a /48', v6('2001:db8:7:0::'), v6('2001:db8:7:ffff::1'), true],
    ['neighbours of two /48s', v6('2001:db8:7::1'), v6('2001:db8:8::1'), false],
    ['one /48 in small and capital letters', v6('2001:DB8:A::1'), v6('2001:db8:a::2'), true],
    ['one /48 with its zeros written out and left out', v6('2001:db8:0:0:0:0:0:1'), v6('2001:db8::2'), true],
    ['one /48 with leading zeros and without', v6('2001:0db8:0007::1'), v6('2001:db8:7::2'), true],
    ['a zone and a network of the same name', { zone: '192.0.2' }, { public_ip: '192.0.2.1' }, false],
  ])('matches or differs: %s', (_, one, other, isSame) => {
    expect(relayNode(one).failureDomain === relayNode(other).failureDomain).toBe(isSame);
  });
});

describe('calls', () => {
  test.each<[string, Partial<NodeReport>, boolean]>([
    ['a healthy node', {}, true],
    ['a node above its bandwidth', { bandwidth_mbps: 5000 }, true],
    ['a node with one allocation less than its limit', { allocations: 99, allocations_capacity: 100 }, true],
    ['no node at its limit', { allocations: 100, allocations_capacity: 100 }, false],
    ['no node beyond its limit', { allocations: 101, allocations_capacity: 100 }, false],
    ['no unhealthy node', { status: 'unhealthy' }, false],
    ['no draining node', { status: 'draining' }, false],
    ['no node without a transport that clients can use', { transports: ['tls'] }, false],
  ])('go to %s', (_, report, takes) => {
    expect(takesCalls(relayNode({ ...idle, ...report }))).toBe(takes);
  });
});
