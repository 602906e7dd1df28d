import type { NodeKey } from '@turn-router/contract/registry';
import type { ProbeThresholds } from '../health/health-state.ts';
import type { ProbeTarget } from '../probe/probe-target.ts';
import type { NodeIdentity } from '../report/build-node-report.ts';

/** A node that the fleet watch observes remotely. */
export type WatchedNode = {
  readonly key: NodeKey;
  /** The node's address in Prometheus. */
  readonly privateAddress: string;
  readonly identity: NodeIdentity;
  readonly target: ProbeTarget;
  readonly thresholds: ProbeThresholds;
  readonly intervalMs: number;
  /** The TTL of a report in the registry. */
  readonly ttlMs: number;
};
