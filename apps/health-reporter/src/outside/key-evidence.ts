/**
 * Tells what a refused key says about a node. Without a second node that accepts the key, the prober's own key may be the wrong one: with per-node
 * secrets, no other node accepts it.
 */
export interface KeyEvidence {
  record(keyId: string, node: string, isAccepted: boolean): void;
  /** Whether another node accepts the key. Only then a refusal says that the node has another secret. */
  isAcceptedElsewhere(keyId: string, node: string): boolean;
  /** Forgets the nodes for which `isWanted` is false. */
  retain(isWanted: (node: string) => boolean): void;
}

export function createKeyEvidence(): KeyEvidence {
  const acceptedBy = new Map<string, Set<string>>();
  return {
    record(keyId, node, isAccepted) {
      const nodes = acceptedBy.get(keyId) ?? new Set<string>();
      acceptedBy.set(keyId, nodes);
      if (isAccepted) nodes.add(node);
      else nodes.delete(node);
    },
    isAcceptedElsewhere: (keyId, node) => [...(acceptedBy.get(keyId) ?? [])].some((other) => other !== node),
    retain(isWanted) {
      for (const nodes of acceptedBy.values()) for (const node of nodes) if (!isWanted(node)) nodes.delete(node);
    },
  };
}
