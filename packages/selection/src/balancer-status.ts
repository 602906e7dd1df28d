import type { DoubtReason } from './node-track.ts';
import type { SpillEdge } from './spill-controller.ts';

/** The balancer's current state, for metrics, logs and operators. */
export type BalancerStatus = {
  readonly regions: readonly RegionStatus[];
  readonly spills: readonly SpillEdge[];
  /** The nodes whose last reports are implausible. */
  readonly doubted: readonly DoubtedNode[];
  /** Routers that share this fleet, this one included. */
  readonly replicas: number;
};

export type RegionStatus = {
  readonly region: string;
  /** Estimated share of the capacity in use, as of the last fleet update; 1 is full. */
  readonly load: number;
  /** Nodes that take calls. */
  readonly nodes: number;
  readonly capacityMbps: number;
  /** Learnt mean length of a relayed call. */
  readonly meanCallSeconds: number;
  /** Learnt mean work per issued credential, Mbit/s (weighted like a node's load). */
  readonly mbpsPerCredential: number;
};

/** The balancer's current state of one node. */
export type NodeStatus = {
  readonly capacityMbps: number;
  /** Estimated share of the capacity in use, from the last plausible report and the credentials issued since; 1 is full. */
  readonly estimatedLoad: number;
  /** Time since the balancer took in the node's last report. */
  readonly reportAgeMs: number;
  /** The reason why its reports are implausible; undefined when they are plausible. */
  readonly doubt: DoubtReason | undefined;
};

/** A node whose reports are implausible. The balancer assumes the region's average load for it. */
export type DoubtedNode = { readonly name: string; readonly reason: DoubtReason };
