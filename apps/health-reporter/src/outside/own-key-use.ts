import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { PublishedRecord } from '../publish/proof-registry.ts';

/**
 * The fingerprints of the prober's own keys. `keys-of-all`: the prober has the keys of every node, so none of them opens the relay of another node
 * that must not have it.
 */
export type OwnFingerprints = ReadonlySet<string> | 'keys-of-all';

/** Whether the prober may sign with its own keys for this target. */
export type OwnKeyUse = (target: NodeKey) => boolean;

/**
 * Finds out whether a fleet shares secrets. If each node has its own, a credential of the prober's own key must not reach others: a node could pass it on
 * to the prober's own relay, and a record can copy fingerprints. So one record alone decides nothing: more than half of the others must have a key of the prober.
 * Records without fingerprints do not count. If only the target's record counts, it decides.
 */
export function ownKeyUseFrom(records: readonly PublishedRecord[], self: NodeKey, own: OwnFingerprints): OwnKeyUse {
  if (own === 'keys-of-all') return () => true;
  const ownName = nodeNameFromKey(self);
  const sharesByName = new Map<string, boolean>();
  for (const { key, report } of records) {
    const fingerprints = Object.values(report.secret_fingerprints ?? {});
    const name = nodeNameFromKey(key);
    if (fingerprints.length > 0 && name !== ownName)
      sharesByName.set(
        name,
        fingerprints.some((text) => own.has(text)),
      );
  }
  const sharing = [...sharesByName.values()].filter(Boolean).length;
  return (target) => {
    const ofTarget = sharesByName.get(nodeNameFromKey(target));
    const others = sharesByName.size - (ofTarget === undefined ? 0 : 1);
    if (others === 0) return ofTarget === true;
    return sharing - (ofTarget === true ? 1 : 0) > others / 2;
  };
}
