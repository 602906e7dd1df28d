import type { DoubtReason } from './node-track.ts';
import type { SpillEdge } from './spill-controller.ts';

/** What the balancer holds true at the moment; for metrics, logs and people. */
export type BalancerStatus = {
  readonly regions: readonly RegionStatus[];
  readonly spills: readonly SpillEdge[];
  readonly doubted: readonly DoubtedNode[];
  readonly replicas: number;
};

export type RegionStatus = {
  readonly region: string;
  /** Part of the capacity in use, estimated when the fleet was last observed: 1 is full. */
  readonly load: number;
  readonly nodes: number;
  readonly capacityMbps: number;
  /** Learnt mean length of a relayed call. */
  readonly meanCallSeconds: number;
  /** Learnt work that one issued credential brings, Mbit/s (weighted as the node's load is). */
  readonly mbpsPerCredential: number;
};

/** What the balancer holds true of one node. */
export type NodeStatus = {
  readonly capacityMbps: number;
  /** Estimated part of the capacity in use, by the last report that was believed and what was given to the node since: 1 is full. */
  readonly estimatedLoad: number;
  /** Since its last report was taken in. */
  readonly reportAgeMs: number;
  /** Why its reports are not believed; undefined: they are. */
  readonly doubt: DoubtReason | undefined;
};

/** A node whose reports cannot be true, and which is therefore taken to be as loaded as its region is on average. */
export type DoubtedNode = { readonly name: string; readonly reason: DoubtReason };
