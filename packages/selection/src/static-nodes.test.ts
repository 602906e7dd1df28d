import { expect, test } from '@jest/globals';
import { createBalancer } from './create-balancer.ts';
import { decide } from './balancer.fixture.ts';
import { policyWith } from './fleet.fixture.ts';
import { staticNodesOf } from './static-nodes.ts';

test('static nodes count as healthy, idle reported nodes', () => {
  const policy = policyWith({
    regions: {
      virginia: {
        location: [38.95, -77.45],
        staticNodes: [
          { id: 'last-1', publicIp: '192.0.2.9' },
          { id: 'last-2', hostname: 'turn-2.example.org', port: 443, tlsPort: 443, transports: ['tls'] },
        ],
      },
      oregon: { location: [45.84, -119.7], staticNodes: [{ id: 'last-1', publicIpv6: '2001:db8::9' }] },
      frankfurt: { location: [50.11, 8.68] },
    },
  });
  const balancer = createBalancer(policy);
  balancer.observe({ nodes: staticNodesOf(policy), replicas: 1 }, 0);
  const nodesOf = (transports: ('udp' | 'tls')[]) => {
    const decision = decide(balancer, {}, { maxNodes: 4, transports });
    return decision.ok ? decision.nodes.map(({ name }) => name) : decision.code;
  };
  expect(nodesOf(['udp'])).toEqual(['virginia/last-1']);
  expect(nodesOf(['tls'])).toEqual(['virginia/last-2']);
  expect(balancer.status().regions.map(({ region, nodes, load }) => [region, nodes, load])).toEqual([
    ['virginia', 2, 0],
    ['oregon', 1, 0],
  ]);
});
