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

/** A node whose reports cannot be true, and which is therefore taken to be as loaded as its region is on average. */
export type DoubtedNode = { readonly name: string; readonly reason: DoubtReason };
