import type { NodeKey } from '@turn-router/contract/registry';
import type { ProbeThresholds } from '../health/health-state.ts';
import type { ProbeTarget } from '../probe/probe-target.ts';
import type { NodeIdentity } from '../report/node-report.ts';

/** A node that is watched from elsewhere. */
export type WatchedNode = {
  readonly key: NodeKey;
  /** How Prometheus names it. */
  readonly privateAddress: string;
  readonly identity: NodeIdentity;
  readonly target: ProbeTarget;
  readonly thresholds: ProbeThresholds;
  readonly intervalMs: number;
  /** How long a report stands unless it is followed by another. */
  readonly ttlMs: number;
};
