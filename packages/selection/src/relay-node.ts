import type { Transport } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import { nodeNameFromKey, type NodeKey, type NodeReport } from '@turn-router/contract/registry';
import ipaddr from 'ipaddr.js';
import type { ReportedNode } from './fleet-change.ts';
import { nodeLoad, type NodeFigures } from './node-load.ts';

/** A TURN node as its last report describes it. */
export type RelayNode = NodeFigures & {
  readonly key: NodeKey;
  /** `<region>/<id>` */
  readonly name: string;
  /** By its report alone: 1 is full. */
  readonly reportedLoad: number;
  /** Those that a client can use: proven by the node, and with what their URL needs. */
  readonly transports: readonly Transport[];
  /** The same, one bit each, and `anyTransportBit`. */
  readonly transportBits: number;
  /** What fails together: nodes of one answer come from different ones where there are any. */
  readonly failureDomain: string;
  readonly report: NodeReport;
};

/** Fills in what the report leaves to the policy. A node that is trusted with a part counts as one of that part of its size. */
export function relayNodeFromReport({ key, report, trustedShare = 1 }: ReportedNode, policy: Policy): RelayNode {
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
    report,
  };
}

const transportBit: Readonly<Record<Transport, number>> = { udp: 1, tcp: 2, tls: 4 };

/** Of every node: what is asked for when the transport does not matter. */
export const anyTransportBit = 8;

export function transportBitsOf(transports: readonly Transport[]): number {
  let bits = 0;
  for (const transport of transports) bits |= transportBit[transport];
  return bits;
}

/** Whether the node can take a call at all: it is healthy, has an allocation left, and a transport that clients can use. */
export function takesCalls({ report, allocations, transports }: RelayNode): boolean {
  const hasRoom = allocations === undefined || allocations.live < allocations.limit;
  return report.status === 'healthy' && hasRoom && transports.length > 0;
}

function defaultCapacityMbps(region: string, policy: Policy): number {
  return policy.regions[region]?.bandwidthCapacityMbps ?? policy.capacity.bandwidthMbps;
}

function allocationsOf({ allocations: live, allocations_capacity: limit }: NodeReport): NodeFigures['allocations'] {
  return live === undefined || limit === undefined || limit === 0 ? undefined : { live, limit };
}

/** Of nodes that name none. */
const unsaidTransports: readonly Transport[] = ['udp', 'tcp'];

/** A `turns:` URL without a name fails every certificate check, so TLS counts only with a hostname and a port. */
function usableTransports(report: NodeReport): readonly Transport[] {
  if (report.transports === undefined) return unsaidTransports;
  return report.transports.filter(
    (transport) => transport !== 'tls' || (report.hostname !== undefined && report.tls_port !== undefined),
  );
}

/** The zone that the node names, else the network that its address is from: a /24, or a /48 of IPv6. */
function failureDomain({ zone, public_ip, public_ipv6 }: NodeReport): string | undefined {
  if (zone !== undefined) return `zone ${zone}`;
  if (public_ip !== undefined) return public_ip.slice(0, public_ip.lastIndexOf('.'));
  return public_ipv6 === undefined
    ? undefined
    : ipaddr.IPv6.parse(public_ipv6).toNormalizedString().split(':').slice(0, 3).join(':');
}
