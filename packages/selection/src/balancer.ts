import type { NodeKey, NodeReport, Policy } from '@turn-router/contract';
import type { RelayDecision, RelayWishes } from './choose-relays.ts';
import type { RelayNode } from './relay-node.ts';

/** A node's report under its key. The same report object again means: the same report again. */
export type ReportedNode = {
  readonly key: NodeKey;
  readonly report: NodeReport;
  /** Part of its capacity that it is trusted with, above 0 to 1; default 1. */
  readonly trustedShare?: number;
};

/** The registry as last read. */
export type RegistryReading = {
  readonly nodes: readonly ReportedNode[];
  /** Routers that give out the nodes of this registry, this one included; at least 1. */
  readonly replicas: number;
};

/** Where a caller was placed, and what residency rules ask about it. */
export type PlacedCaller = {
  /** By the ladder, before residency rules moved it. */
  readonly homeRegion: string;
  /** ISO 3166-1 alpha-2; undefined when unknown. */
  readonly country?: string | undefined;
  /** The regions that its token names; undefined: all. */
  readonly regions?: ReadonlySet<string> | undefined;
};

/**
 * Decides which relays callers get, and remembers what it has given out since each node last reported. All times are ms of one
 * monotonic clock. Nothing here waits or reads a clock: `observe` runs in the background a few times a second, `choose` and
 * `countIssued` for each request.
 */
export interface Balancer {
  /** Takes another policy; what was learnt of nodes and regions stays. */
  readonly usePolicy: (policy: Policy, nowMs: number) => void;
  /**
   * Takes in some reports of a reading that is about to be observed, so that the many of a large fleet can be taken in with requests
   * answered in between. They count from then on; nodes come and go with `observe`.
   */
  readonly takeReports: (nodes: readonly ReportedNode[], nowMs: number) => void;
  /** Takes in a reading of the registry and moves the spill shares on. Call it with the last reading again when there is no newer one. */
  readonly observe: (reading: RegistryReading, nowMs: number) => void;
  /** Decides and changes nothing, so a decision can also be asked for to explain it. */
  readonly choose: (
    caller: PlacedCaller,
    wishes: RelayWishes,
    nowMs: number,
    /** Uniform in [0, 1). */
    random: () => number,
  ) => RelayDecision;
  /** Says that a decision was answered: its nodes are about to get the call. */
  readonly countIssued: (nodes: readonly RelayNode[], nowMs: number) => void;
  readonly status: () => BalancerStatus;
  /** Nodes that take calls, of all regions in use. */
  readonly countNodes: () => number;
}

/** What the balancer holds true at the moment; for metrics, logs and people. */
export type BalancerStatus = {
  readonly regions: readonly RegionStatus[];
  readonly spills: readonly SpillEdge[];
  readonly doubted: readonly DoubtedNode[];
  readonly replicas: number;
};

export type RegionStatus = {
  readonly region: string;
  /** Part of the capacity in use, estimated when the registry was last observed: 1 is full. */
  readonly load: number;
  readonly nodes: number;
  readonly capacityMbps: number;
  /** Learnt mean length of a relayed call. */
  readonly meanCallSeconds: number;
  /** Learnt work that one issued credential brings, Mbit/s (weighted as the node's load is). */
  readonly mbpsPerCredential: number;
};

/** Part of a region's new calls that goes to another, 0–1. */
export type SpillEdge = { readonly from: string; readonly to: string; readonly share: number };

export type DoubtReason = 'unmoved' | 'beyond_capacity';

/** A node whose reports cannot be true, and which is therefore taken to be as loaded as its region is on average. */
export type DoubtedNode = { readonly name: string; readonly reason: DoubtReason };
