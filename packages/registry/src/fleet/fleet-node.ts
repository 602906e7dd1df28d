import type { NodeRecord } from '../node-registry.ts';

/** A node that may serve: its last report, and how far it is trusted. */
export type FleetNode = NodeRecord & {
  /** Part of its capacity that it is trusted with; absent: all of it. */
  readonly trustedShare?: number;
};

/** Of a node that vanished from the registry and is kept all the same. */
const keptShare = 0.5;

const kept = new WeakMap<NodeRecord, FleetNode>();

/** The same node object for the same record, so that those who follow the fleet see that nothing has changed. */
export function keptNode(record: NodeRecord): FleetNode {
  const known = kept.get(record);
  if (known !== undefined) return known;
  const node: FleetNode = { ...record, trustedShare: keptShare };
  kept.set(record, node);
  return node;
}
