import type { NodeReport } from '@turn-router/contract/registry';
import {
  matchKeys,
  type KeyMatch,
  type KeyRing,
  type KeyRingOfNode,
  type SigningKey,
} from '@turn-router/turn-credentials';

/** The keys of this router, compared with the keys that each node reports. */
export interface NodeKeys {
  /** The ids of the router's keys, newest first. */
  readonly ids: readonly string[];
  /** Compares the keys of a node with its report. The result is cached as long as the report is in use. */
  readonly match: (name: string, report: NodeReport) => KeyMatch;
  /** Returns the key that signs for a node. */
  readonly signingKey: (name: string, report: NodeReport) => SigningKey;
}

/** @param keyRingOfNode returns the keys that a node should have, by its name */
export function createNodeKeys(keyRing: KeyRing, keyRingOfNode: KeyRingOfNode): NodeKeys {
  const matches = new WeakMap<NodeReport, KeyMatch>();
  function match(name: string, report: NodeReport): KeyMatch {
    const known = matches.get(report);
    if (known !== undefined) return known;
    const found = matchKeys(keyRingOfNode(name), { ids: report.secret_ids, fingerprints: report.secret_fingerprints });
    matches.set(report, found);
    return found;
  }
  return {
    ids: keyRing.keys.map(({ id }) => id),
    match,
    // A node without a common key gets no calls. Between its report and the next refresh of the pools, a call can still choose it.
    signingKey: (name, report) => match(name, report).key ?? keyRingOfNode(name).keys[0],
  };
}
