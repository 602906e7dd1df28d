import type { NodeReport } from '@turn-router/contract/registry';
import type { ExclusionReason } from './exclusion.ts';
import type { DoubtReason } from './node-track.ts';
import type { SpillEdge } from './spill-controller.ts';

/** The balancer's current state, for metrics, logs and operators. */
export type BalancerStatus = {
  readonly regions: readonly RegionStatus[];
  readonly spills: readonly SpillEdge[];
  /** The nodes whose last reports are implausible. */
  readonly doubted: readonly DoubtedNode[];
  /** The nodes that get no calls, whatever their health: see `ExclusionReason`. */
  readonly excluded: readonly ExcludedNode[];
  /** Routers that share this fleet, this one included. */
  readonly replicas: number;
};

export type RegionStatus = {
  readonly region: string;
  /** Estimated part of the capacity in use at the last fleet update; 1 is full. */
  readonly load: number;
  /** Nodes that take calls. */
  readonly nodes: number;
  readonly capacityMbps: number;
  /** Mean length of a relayed call, estimated from reports. */
  readonly meanCallSeconds: number;
  /** Mean work per issued credential, estimated from reports, Mbit/s. Work is a node's load × its capacity. */
  readonly mbpsPerCredential: number;
};

/** The balancer's current state of one node. */
export type NodeStatus = {
  readonly capacityMbps: number;
  /** Estimated part of the capacity in use; 1 is full. Based on the last plausible report and the credentials issued since then. */
  readonly estimatedLoad: number;
  /** Time since the balancer got the node's last report. */
  readonly reportAgeMs: number;
  /** The reason why the node's reports are implausible. Undefined if they are plausible. */
  readonly doubt: DoubtReason | undefined;
  /** The reason why only a part of the node's claim counts. Undefined if its claim counts, or if its reports are implausible. */
  readonly unproven: UnprovenReason | undefined;
  /** The reason why the node gets no calls, whatever its health. Undefined if there is none. */
  readonly exclusion: ExclusionReason | undefined;
};

/**
 * Why only a part of a node's claim counts. `unproven_capacity`: the node has not carried enough work for the capacity that it claims.
 * `unproven_load`: the node reports clearly less work than its credentials brought.
 */
export type UnprovenReason = 'unproven_capacity' | 'unproven_load';

/** The number of nodes by reason. */
export type UnprovenNodes = Readonly<Record<UnprovenReason, number>>;

/** A node whose reports are implausible. The balancer assumes the region's average load for it. */
export type DoubtedNode = { readonly name: string; readonly reason: DoubtReason };

/** A node that gets no calls, whatever its health. */
export type ExcludedNode = { readonly name: string; readonly reason: ExclusionReason; readonly report: NodeReport };
