import type { NodeKey, NodeReport } from '@turn-router/contract/registry';

/** A node's key and its report. */
export type ReportedNode = {
  readonly key: NodeKey;
  readonly report: NodeReport;
  /** Part of the node's capacity that calls may use, above 0 and at most 1; default 1. */
  readonly trustedShare?: number;
};

/** The changes in the reports since the previous changes. A node is in at most one of the lists. */
export type ReportedChanges = {
  /** Nodes with a new report, including new nodes. */
  readonly changed: readonly ReportedNode[];
  /** Nodes with an unchanged report and a changed `trustedShare`. */
  readonly retrusted: readonly ReportedNode[];
  readonly gone: readonly NodeKey[];
};

/** The changes in the fleet since the previous change. */
export type FleetChange = ReportedChanges & {
  /** Number of routers that issue credentials for this fleet, including this router; at least 1. */
  readonly replicas: number;
};

/** The whole fleet at one moment, for programs that do not track changes. */
export type FleetReading = {
  /** If a report is unchanged, pass the same report object. */
  readonly nodes: readonly ReportedNode[];
  /** As in a FleetChange. */
  readonly replicas: number;
};
