import type { Transport } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import { nodeNameFromKey, type NodeKey, type NodeReport } from '@turn-router/contract/registry';
import ipaddr from 'ipaddr.js';
import type { ExclusionReason } from './exclusion.ts';
import type { ReportedNode } from './fleet-change.ts';
import { nodeLoad, type NodeFigures } from './node-load.ts';

/** A TURN node as its last report describes it. */
export type RelayNode = NodeFigures & {
  readonly key: NodeKey;
  /** `<region>/<id>` */
  readonly name: string;
  /** Load computed only from the node's report; 1 is full. */
  readonly reportedLoad: number;
  /** Transports that a client can use. The report lists these transports, and has the fields that their URLs need. */
  readonly transports: readonly Transport[];
  /** The same transports as bits, plus `anyTransportBit`. */
  readonly transportBits: number;
  /** Nodes of one failure domain fail together. The nodes of a decision come from different domains if possible. */
  readonly failureDomain: string;
  /** Undefined for nearly all nodes. */
  readonly exclusion: ExclusionReason | undefined;
  readonly report: NodeReport;
};

/** Completes the report with the policy's defaults. The node's capacity and bandwidth are multiplied by the trusted share if it is below 1. */
export function relayNodeFromReport(
  { key, report, trustedShare = 1 }: ReportedNode,
  policy: Policy,
  exclusion?: ExclusionReason,
): RelayNode {
  const cpu = report.cpu;
  const wholeMbps = report.bandwidth_capacity_mbps ?? defaultCapacityMbps(key.region, policy) * (report.weight ?? 1);
  const bandwidthMbps = report.bandwidth_mbps * trustedShare;
  const capacityMbps = wholeMbps * trustedShare;
  const allocations = allocationsOf(report);
  const name = nodeNameFromKey(key);
  const transports = usableTransports(report);
  return {
    cpu,
    bandwidthMbps,
    capacityMbps,
    allocations,
    key,
    name,
    reportedLoad: nodeLoad({ cpu, bandwidthMbps, capacityMbps, allocations }, policy.load),
    transports,
    transportBits: transportBitsOf(transports) | anyTransportBit,
    failureDomain: failureDomain(report) ?? name,
    exclusion,
    report,
  };
}

const transportBit: Readonly<Record<Transport, number>> = { udp: 1, tcp: 2, tls: 4 };

/** This bit is set for every node. It means any transport. */
export const anyTransportBit = 8;

export function transportBitsOf(transports: readonly Transport[]): number {
  let bits = 0;
  for (const transport of transports) bits |= transportBit[transport];
  return bits;
}

/** Whether the node can take a call: it is healthy, is not excluded, has fewer allocations than its limit, and offers a transport that clients can use. */
export function takesCalls({ report, exclusion, allocations, transports }: RelayNode): boolean {
  const hasRoom = allocations === undefined || allocations.live < allocations.limit;
  return report.status === 'healthy' && exclusion === undefined && hasRoom && transports.length > 0;
}

function defaultCapacityMbps(region: string, policy: Policy): number {
  return policy.regions[region]?.bandwidthCapacityMbps ?? policy.capacity.bandwidthMbps;
}

function allocationsOf({ allocations: live, allocations_capacity: limit }: NodeReport): NodeFigures['allocations'] {
  return live === undefined || limit === undefined || limit === 0 ? undefined : { live, limit };
}

/** Assumed transports of a node whose report lists no transports. */
const defaultTransports: readonly Transport[] = ['udp', 'tcp'];

/** TLS is usable only if the report has a hostname and a port. With a `turns:` URL without a hostname, every certificate check fails. */
function usableTransports(report: NodeReport): readonly Transport[] {
  if (report.transports === undefined) return defaultTransports;
  return report.transports.filter(
    (transport) => transport !== 'tls' || (report.hostname !== undefined && report.tls_port !== undefined),
  );
}

/** The reported zone. If no zone is reported: the network of the node's address, /24 for IPv4 and /48 for IPv6. */
function failureDomain({ zone, public_ip, public_ipv6 }: NodeReport): string | undefined {
  if (zone !== undefined) return `zone ${zone}`;
  if (public_ip !== undefined) return public_ip.slice(0, public_ip.lastIndexOf('.'));
  return public_ipv6 === undefined
    ? undefined
    : ipaddr.IPv6.parse(public_ipv6).toNormalizedString().split(':').slice(0, 3).join(':');
}
