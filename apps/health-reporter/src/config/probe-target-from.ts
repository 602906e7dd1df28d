import type { ProbeThresholds } from '../health/health-state.ts';
import type { ProbeTarget } from '../probe/probe-target.ts';
import type { NodeIdentity } from '../report/node-report.ts';

/** The largest part of an interval that a probe may take, so that its report still goes out within the interval. */
export const probeShareOfInterval = 0.8;

export type ProbeWishes = Pick<ProbeTarget, 'hosts' | 'realm' | 'proof'> & {
  readonly identity: NodeIdentity;
  readonly thresholds: ProbeThresholds;
  readonly proofIntervalSeconds: number;
  /** How long a probe may take, where the interval is long enough. */
  readonly timeoutSeconds: number;
  readonly intervalMs: number;
};

/** The ports and the name that a node advertises are those that are probed. */
export function probeTargetFrom(wishes: ProbeWishes): ProbeTarget {
  const { hosts, realm, proof, identity, thresholds, intervalMs } = wishes;
  const { port, tls_port: tlsPort, hostname } = identity;
  return {
    hosts,
    ports: { udp: port, tcp: port, ...(tlsPort !== undefined && { tls: tlsPort }) },
    serverName: hostname,
    realm,
    proof,
    proofIntervalMs: wishes.proofIntervalSeconds * 1000,
    proofsInRow: thresholds.success,
    timeoutMs: Math.floor(Math.min(wishes.timeoutSeconds * 1000, intervalMs * probeShareOfInterval)),
  };
}
