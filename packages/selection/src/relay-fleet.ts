import type { Drawable } from './member-list.ts';
import type { NodePool } from './node-pool.ts';
import type { RelayNode } from './relay-node.ts';
import type { SpillEdge } from './spill-controller.ts';

/** A node that can take calls. */
export type RelayCandidate = Drawable & { readonly node: RelayNode };

/** A region at one moment: an input of a decision. */
export type RegionView<T extends RelayCandidate = RelayCandidate> = {
  readonly region: string;
  /** The nodes that take calls. Undefined if no node takes calls. */
  readonly pool: NodePool<T> | undefined;
  /** Estimated part of the capacity in use; 1 is full. */
  readonly load: number;
  readonly capacityMbps: number;
  /** Shares of new calls that go to the region's targets, in the policy's order. Targets with a share of 0 are left out. */
  readonly spills: readonly SpillEdge[];
};

/** The fleet at one moment: an input of a decision. */
export type RelayFleet<T extends RelayCandidate = RelayCandidate> = {
  /** Returns undefined for a region that never had a node. */
  readonly regionOf: (region: string) => RegionView<T> | undefined;
  /** Finds a node by its name `<region>/<id>`. */
  readonly nodeNamed: (name: string) => T | undefined;
  /** The cautious estimate of a node's load (`estimate-load.ts`). Of two nodes picked at random, the node with the lower value is used. */
  readonly cautiousLoad: (candidate: T) => number;
};
