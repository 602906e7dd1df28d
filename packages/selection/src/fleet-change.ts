import type { NodeKey, NodeReport } from '@turn-router/contract/registry';

/** A node's report under its key. */
export type ReportedNode = {
  readonly key: NodeKey;
  readonly report: NodeReport;
  /** Part of its capacity that it is trusted with, above 0 to 1; default 1. */
  readonly trustedShare?: number;
};

/** What has changed in the fleet since the change before. A node stands in one list at most. */
export type FleetChange = {
  /** Nodes that have reported since, new ones among them. */
  readonly changed: readonly ReportedNode[];
  /** Nodes whose report stands, but that are trusted with another share now. */
  readonly retrusted: readonly ReportedNode[];
  readonly gone: readonly NodeKey[];
  /** Routers that give out the nodes of this fleet, this one included; at least 1. */
  readonly replicas: number;
};

/** The whole fleet at one moment, for those who do not know what has changed. */
export type FleetReading = {
  /** The same report object again means: the same report again. */
  readonly nodes: readonly ReportedNode[];
  /** As in a FleetChange. */
  readonly replicas: number;
};
