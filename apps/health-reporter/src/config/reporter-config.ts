import type { Transport } from '@turn-router/contract/http';
import type { NodeKey, NodeReport } from '@turn-router/contract/registry';
import type { ProbedHosts } from '@turn-router/settings';
import type { KeyRing } from '@turn-router/turn-credentials';
import type { DrainDeadlines } from '../drain/drain-node.ts';
import type { ProbeThresholds } from '../health-state.ts';
import type { CpuScope } from '../measure/choose-cpu-reader.ts';
import type { PortRange } from '../measure/parse-relay-sockets.ts';

/** What a node says of itself in every report. */
export type NodeIdentity = Pick<
  NodeReport,
  'public_ip' | 'public_ipv6' | 'hostname' | 'port' | 'tls_port' | 'bandwidth_capacity_mbps' | 'zone'
>;

/** Which TURN server is probed, and how. */
export type ProbeTarget = {
  readonly hosts: ProbedHosts;
  readonly ports: Readonly<Partial<Record<Transport, number>>>;
  /** The name that the certificate must carry, where TLS is probed. */
  readonly serverName: string | undefined;
  /** The realm that it must have; undefined: any. */
  readonly realm: string | undefined;
  /** What a full proof is: a datagram relayed to itself and back, or an allocation alone. */
  readonly proof: 'relay' | 'allocation';
  /** Between two full proofs of a path that works, ms; a Binding is asked for in between. */
  readonly proofIntervalMs: number;
  /** Full proofs in a row before a Binding will do. */
  readonly proofsInRow: number;
  readonly timeoutMs: number;
};

/** Nothing in here is secret. */
export type ReporterConfig = {
  readonly key: NodeKey;
  readonly identity: NodeIdentity;
  readonly target: ProbeTarget;
  readonly thresholds: ProbeThresholds;
  /** Undefined: that of the default route. */
  readonly networkInterfaces: readonly string[] | undefined;
  /** What the bandwidth is a mean of. */
  readonly bandwidthWindowMs: number;
  /** The TURN server's Prometheus exporter. */
  readonly metricsUrl: string | undefined;
  /** How long the exporter may take. */
  readonly metricsTimeoutMs: number;
  readonly relayPorts: PortRange;
  readonly cpuScope: CpuScope;
  readonly intervalMs: number;
  /** How long a report stands unless it is followed by another. */
  readonly ttlMs: number;
  readonly deadlines: DrainDeadlines;
  readonly drainFile: string | undefined;
  readonly turnPidFile: string | undefined;
  readonly turnCliPort: number;
  readonly logLevel: string;
};

/** Where reports go, and with what right. */
export type Destination =
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'router'; readonly url: string; readonly token: string };

export type ReporterSecrets = {
  readonly keyRing: KeyRing;
  readonly destination: Destination;
  /** Undefined: relays of revoked users are left alone. */
  readonly turnCliPassword: string | undefined;
};
