import type { Policy, StaticNode } from '@turn-router/contract/policy';
import type { ReportedNode } from './fleet-change.ts';

/** Returns the policy's static nodes with generated reports: healthy and idle. */
export function staticNodesOf({ regions }: Policy): ReportedNode[] {
  return Object.entries(regions).flatMap(([region, { staticNodes }]) =>
    staticNodes.map((node) => ({ key: { region, id: node.id }, report: reportOf(node) })),
  );
}

function reportOf(node: StaticNode): ReportedNode['report'] {
  return {
    status: 'healthy',
    cpu: 0,
    bandwidth_mbps: 0,
    port: node.port,
    public_ip: node.publicIp,
    public_ipv6: node.publicIpv6,
    hostname: node.hostname,
    tls_port: node.tlsPort,
    transports: node.transports,
    bandwidth_capacity_mbps: node.bandwidthCapacityMbps,
    zone: node.zone,
  };
}
