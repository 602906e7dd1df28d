import type { Drawable } from './member-list.ts';
import type { NodePool } from './node-pool.ts';
import type { RelayNode } from './relay-node.ts';
import type { SpillEdge } from './spill-controller.ts';

/** A node that can take calls. */
export type RelayCandidate = Drawable & { readonly node: RelayNode };

/** A region at one moment, as input of a decision. */
export type RegionView<T extends RelayCandidate = RelayCandidate> = {
  readonly region: string;
  /** The nodes that take calls; undefined when no node does. */
  readonly pool: NodePool<T> | undefined;
  /** Estimated share of the capacity in use; 1 is full. */
  readonly load: number;
  readonly capacityMbps: number;
  /** Shares of new calls that go to its targets, in the policy's order; targets with a share of 0 are left out. */
  readonly spills: readonly SpillEdge[];
};

/** The fleet at one moment, as input of a decision. */
export type RelayFleet<T extends RelayCandidate = RelayCandidate> = {
  /** Returns undefined for a region that never had a node. */
  readonly regionOf: (region: string) => RegionView<T> | undefined;
  /** Finds a node by its name `<region>/<id>`. */
  readonly nodeNamed: (name: string) => T | undefined;
  /** The estimated load of a node, by which two drawn nodes are compared. */
  readonly nodeLoad: (candidate: T) => number;
};
