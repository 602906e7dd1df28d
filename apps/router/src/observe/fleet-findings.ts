/** A node that has other secrets than this router under the same key ids. */
export type KeyMismatch = {
  /** `<region>/<id>` */
  readonly name: string;
  readonly keyIds: readonly string[];
  /** Whether another key signs for the node. If not, the node gets no calls. */
  readonly hasCommonKey: boolean;
};

/** A region that the policy lacks, although nodes report for it. */
export type UnknownRegion = {
  readonly name: string;
  /** Number of nodes that report for it, whatever their status. */
  readonly nodes: number;
  /** Number of these nodes that are healthy. */
  readonly healthy: number;
};

/** A node that probers do not reach. `reason` has the count of probers. */
export type RefutedNode = { readonly name: string; readonly reason: string };

/** Faults of nodes and of the configuration. */
export type FleetFindings = {
  readonly mismatches: readonly KeyMismatch[];
  readonly unknownRegions: readonly UnknownRegion[];
  readonly refuted: readonly RefutedNode[];
};
