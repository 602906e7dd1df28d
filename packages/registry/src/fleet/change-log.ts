import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { ReportedChanges, ReportedNode } from '@turn-router/selection';

/** Collects changes until they are taken. For each node only the last change counts. */
export interface ChangeLog {
  report(node: ReportedNode): void;
  /** Adds a node whose report is the same, but whose trusted share has changed. */
  retrust(node: ReportedNode): void;
  remove(key: NodeKey): void;
  readonly take: () => ReportedChanges;
}

export function createChangeLog(): ChangeLog {
  const changed = new Map<string, ReportedNode>();
  const retrusted = new Map<string, ReportedNode>();
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
