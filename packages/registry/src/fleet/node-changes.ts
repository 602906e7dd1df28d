import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';

/** A node that may serve: its last report, and how far it is trusted. */
export type FleetNode = NodeRecord & {
  /** Part of its capacity that it is trusted with; absent: all of it. */
  readonly trustedShare?: number;
};

/** What has changed in the fleet since the change before. A node stands in one list at most. */
export type NodeChanges = {
  /** Nodes that have reported since, new ones among them. */
  readonly changed: readonly FleetNode[];
  /** Nodes whose report stands, but that are trusted with another share now. */
  readonly retrusted: readonly FleetNode[];
  readonly gone: readonly NodeKey[];
};

/** Collects what changes until somebody takes it: of each node what came last. */
export interface ChangeLog {
  report(node: FleetNode): void;
  /** Its report stands, with another share. */
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
      // Nobody knows its last report yet.
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
