import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';

/** A node that may serve: its last report, and the share of its capacity that is trusted. */
export type FleetNode = NodeRecord & {
  /** The trusted share of its capacity, 0–1; absent: the whole capacity. */
  readonly trustedShare?: number;
};

/** The changes of the fleet since the previous ones. A node is in at most one list. */
export type NodeChanges = {
  /** Nodes with a report since the previous changes, new nodes included. */
  readonly changed: readonly FleetNode[];
  /** Nodes whose report is the same, but whose trusted share has changed. */
  readonly retrusted: readonly FleetNode[];
  readonly gone: readonly NodeKey[];
};

/** Collects changes until they are taken. For each node only the last change counts. */
export interface ChangeLog {
  report(node: FleetNode): void;
  /** Adds a node whose report is the same, but whose trusted share has changed. */
  retrust(node: FleetNode): void;
  remove(key: NodeKey): void;
  readonly take: () => NodeChanges;
}

export function createChangeLog(): ChangeLog {
  const changed = new Map<string, FleetNode>();
  const retrusted = new Map<string, FleetNode>();
  const gone = new Map<string, NodeKey>();
  return {
    report(node) {
      const name = nodeNameFromKey(node.key);
      changed.set(name, node);
      retrusted.delete(name);
      gone.delete(name);
    },
    retrust(node) {
      const name = nodeNameFromKey(node.key);
      // The node's last report has not been taken yet.
      if (changed.has(name)) changed.set(name, node);
      else retrusted.set(name, node);
      gone.delete(name);
    },
    remove(key) {
      const name = nodeNameFromKey(key);
      changed.delete(name);
      retrusted.delete(name);
      gone.set(name, key);
    },
    take() {
      const taken = { changed: [...changed.values()], retrusted: [...retrusted.values()], gone: [...gone.values()] };
      for (const list of [changed, retrusted, gone]) list.clear();
      return taken;
    },
  };
}
