import type { NodeKey } from '@turn-router/contract/registry';
import type { KeyRing } from '@turn-router/turn-credentials';
import type { DrainDeadlines } from '../drain/drain-node.ts';
import type { ProbeThresholds } from '../health/health-state.ts';
import type { CpuScope } from '../measure/cpu-reader.ts';
import type { PortRange } from '../measure/relay-sockets.ts';
import type { ProbeTarget } from '../probe/probe-target.ts';
import type { Destination } from '../publish/open-publisher.ts';
import type { NodeIdentity } from '../report/node-report.ts';

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

export type ReporterSecrets = {
  readonly keyRing: KeyRing;
  readonly destination: Destination;
  /** Undefined: relays of revoked users are left alone. */
  readonly turnCliPassword: string | undefined;
};
