import type { Drawable } from './member-list.ts';
import type { NodePool } from './node-pool.ts';
import type { RelayNode } from './relay-node.ts';
import type { SpillEdge } from './spill-controller.ts';

/** A node that calls can be given to. */
export type RelayCandidate = Drawable & { readonly node: RelayNode };

/** A region at one moment, as decisions read it. */
export type RegionView<T extends RelayCandidate = RelayCandidate> = {
  readonly region: string;
  /** Of the nodes that take calls; undefined when none does. */
  readonly pool: NodePool<T> | undefined;
  /** Estimated part of the capacity in use: 1 is full. */
  readonly load: number;
  readonly capacityMbps: number;
  /** What goes to its targets, in the policy's order; targets with a share of 0 are left out. */
  readonly spills: readonly SpillEdge[];
};

/** The fleet at one moment, as decisions read it. */
export type RelayFleet<T extends RelayCandidate = RelayCandidate> = {
  /** Undefined for a region that never had a node. */
  readonly regionOf: (region: string) => RegionView<T> | undefined;
  /** By `<region>/<id>`. */
  readonly nodeNamed: (name: string) => T | undefined;
  /** How loaded a node is to be taken for. */
  readonly nodeLoad: (candidate: T) => number;
};
