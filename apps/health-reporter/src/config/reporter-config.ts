import type { NodeKey } from '@turn-router/contract/registry';
import type { KeyRing } from '@turn-router/turn-credentials';
import type { DrainDeadlines } from '../drain/drain-node.ts';
import type { ProbeThresholds } from '../health/health-state.ts';
import type { CpuScope } from '../measure/cpu-reader.ts';
import type { PortRange } from '../measure/relay-sockets.ts';
import type { ProbeTarget } from '../probe/probe-target.ts';
import type { Destination } from '../publish/open-publisher.ts';
import type { NodeIdentity } from '../report/build-node-report.ts';

/** The configuration of the reporter of one node. It holds no secret. */
export type ReporterConfig = {
  readonly key: NodeKey;
  readonly identity: NodeIdentity;
  readonly target: ProbeTarget;
  readonly thresholds: ProbeThresholds;
  /** Undefined: the interface of the default route. */
  readonly networkInterfaces: readonly string[] | undefined;
  /** The time over which the bandwidth is averaged. */
  readonly bandwidthWindowMs: number;
  /** The URL of the TURN server's Prometheus exporter. */
  readonly metricsUrl: string | undefined;
  /** The timeout of the exporter. */
  readonly metricsTimeoutMs: number;
  readonly relayPorts: PortRange;
  readonly cpuScope: CpuScope;
  readonly intervalMs: number;
  /** The TTL of a report in the registry. */
  readonly ttlMs: number;
  readonly deadlines: DrainDeadlines;
  /** The time for which the record stays after a stop without a drain. */
  readonly handOverMs: number;
  readonly drainOnSigterm: boolean;
  readonly drainFile: string | undefined;
  readonly turnPidFile: string | undefined;
  readonly turnCliPort: number;
  /** The interval between two probes of the same other node; undefined: the reporter probes no other nodes. */
  readonly outsideEveryMs: number | undefined;
  readonly logLevel: string;
};

export type ReporterSecrets = {
  readonly keyRing: KeyRing;
  readonly destination: Destination;
  /** If undefined, relays of revoked users continue. */
  readonly turnCliPassword: string | undefined;
};
