import type { KeyRing, SigningKey } from './key-ring.ts';
import { fingerprintOf } from './secret-fingerprint.ts';

/** What a node reports about the keys that its TURN server accepts. */
export type ProvenKeys = {
  /** Ids of the keys that the node has proven to accept. */
  readonly ids: readonly string[] | undefined;
  /** By key id, the fingerprint of the node's secret. */
  readonly fingerprints: Readonly<Record<string, string>> | undefined;
};

/** The result of comparing a ring with the keys of a node. */
export type KeyMatch = {
  /** The key that signs for the node. Undefined: the node would refuse every key of the ring. */
  readonly key: SigningKey | undefined;
  /** Ids under which ring and node have different secrets, newest first. */
  readonly mismatchedIds: readonly string[];
};

/**
 * Finds the key that signs for a node: the newest key that the node has proven to accept. So you can add a key to nodes and routers in any order.
 *
 * - A key whose secret differs from the node's secret under the same id never signs.
 * - A key whose secret the node has under another id signs.
 * - If the node has proven none of the keys, and no secret differs, the newest key signs. So nodes that do not report their keys get calls.
 */
export function matchKeys({ keys }: KeyRing, { ids, fingerprints = {} }: ProvenKeys): KeyMatch {
  const ofNode = new Map(Object.entries(fingerprints));
  const secretsOfNode = new Set(ofNode.values());
  const hasSecret = (key: SigningKey) => secretsOfNode.size > 0 && secretsOfNode.has(fingerprintOf(key));
  const isMismatched = (key: SigningKey) => {
    const fingerprint = ofNode.get(key.id);
    return fingerprint !== undefined && fingerprint !== fingerprintOf(key);
  };
  const mismatchedIds = keys.filter(isMismatched).map(({ id }) => id);
  const proven = keys.find(
    (key) => hasSecret(key) || (ids?.includes(key.id) === true && !mismatchedIds.includes(key.id)),
  );
  return { key: proven ?? (mismatchedIds.length > 0 ? undefined : keys[0]), mismatchedIds };
}
