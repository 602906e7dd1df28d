import type { ProbeThresholds } from '../health/health-state.ts';
import type { ProbeTarget } from '../probe/probe-target.ts';
import type { NodeIdentity } from '../report/build-node-report.ts';

/** The maximum duration of a probe, as a part of the interval. So the report is still published within the interval. */
export const probeShareOfInterval = 0.8;

export type ProbeSettings = Pick<ProbeTarget, 'hosts' | 'realm' | 'proof'> & {
  readonly identity: NodeIdentity;
  readonly thresholds: ProbeThresholds;
  readonly proofIntervalSeconds: number;
  /** The timeout of a probe, limited by the interval. */
  readonly timeoutSeconds: number;
  readonly intervalMs: number;
};

/** Builds the probe target. The probes use the ports and the name that the node publishes. */
export function probeTargetFrom(settings: ProbeSettings): ProbeTarget {
  const { hosts, realm, proof, identity, thresholds, intervalMs } = settings;
  const { port, tls_port: tlsPort, hostname } = identity;
  return {
    hosts,
    ports: { udp: port, tcp: port, ...(tlsPort !== undefined && { tls: tlsPort }) },
    serverName: hostname,
    realm,
    proof,
    proofIntervalMs: settings.proofIntervalSeconds * 1000,
    proofsInRow: thresholds.success,
    timeoutMs: Math.floor(Math.min(settings.timeoutSeconds * 1000, intervalMs * probeShareOfInterval)),
  };
}
