import { nodeNameFromKey, type NodeKey, type NodeReport, type Policy, type Transport } from '@turn-router/contract';
import { nodeLoad, type NodeFigures } from './node-load.ts';

/** A healthy TURN node as the choice sees it. */
export type RelayNode = NodeFigures & {
  readonly key: NodeKey;
  /** `<region>/<id>` */
  readonly name: string;
  readonly load: number;
  /** Those that a client can use: proven by the node, and with what their URL needs. */
  readonly transports: readonly Transport[];
  readonly report: NodeReport;
};

/** Fills in what the report leaves to the policy. */
export function relayNodeFromReport(key: NodeKey, report: NodeReport, policy: Policy): RelayNode {
  const figures = {
    cpu: report.cpu,
    bandwidthMbps: report.bandwidth_mbps,
    capacityMbps: report.bandwidth_capacity_mbps ?? defaultCapacityMbps(key.region, policy) * (report.weight ?? 1),
  };
  return {
    ...figures,
    key,
    name: nodeNameFromKey(key),
    load: nodeLoad(figures, policy.load),
    transports: usableTransports(report),
    report,
  };
}

function defaultCapacityMbps(region: string, policy: Policy): number {
  return policy.regions[region]?.bandwidthCapacityMbps ?? policy.capacity.bandwidthMbps;
}

/** A `turns:` URL without a name fails every certificate check, so TLS counts only with a hostname and a port. */
function usableTransports(report: NodeReport): Transport[] {
  const proven: readonly Transport[] = report.transports ?? ['udp', 'tcp'];
  return proven.filter(
    (transport) => transport !== 'tls' || (report.hostname !== undefined && report.tls_port !== undefined),
  );
}
