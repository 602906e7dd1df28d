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

/** Faults of configuration that the reports of the nodes show. */
export type FleetFindings = {
  readonly mismatches: readonly KeyMismatch[];
  readonly unknownRegions: readonly UnknownRegion[];
};
