import type { KeyRing, SigningKey } from './key-ring.ts';
import { nodeSecret } from './node-secret.ts';

/** `shared`: all TURN servers have the keys of the ring. `per-node`: the ring contains master keys, and each TURN server has keys that are derived for
 * its node. */
export type SecretMode = 'shared' | 'per-node';

/** Returns the keys that a node's TURN server has. The argument is the node's name, `<region>/<id>`. */
export type KeyRingOfNode = (node: string) => KeyRing;

/** Maximum number of cached rings, about 300 bytes each. The number is higher than the number of nodes in the largest supported fleet. */
const rememberedMax = 16_384;

/**
 * Creates the function that returns each node's keys. The function caches derived rings. If the cache is full, it drops the oldest ring, so
 * invented node names cannot fill the memory.
 */
export function createKeyRingOfNode(mode: SecretMode, keyRing: KeyRing, nodesMax = rememberedMax): KeyRingOfNode {
  if (mode === 'shared') return () => keyRing;
  const derived = new Map<string, KeyRing>();
  return (node) => {
    const known = derived.get(node);
    if (known !== undefined) return known;
    const ring = nodeKeyRing(keyRing, node);
    const [oldest] = derived.keys();
    if (derived.size >= nodesMax && oldest !== undefined) derived.delete(oldest);
    derived.set(node, ring);
    return ring;
  };
}

/**
 * Derives one node's ring from a ring of master keys. Each derived key has the id of its master key, and the secret that is derived for this node.
 *
 * @param node `<region>/<id>`
 */
export function nodeKeyRing({ keys: [newest, ...older] }: KeyRing, node: string): KeyRing {
  const derived = ({ id, secret }: SigningKey): SigningKey => ({ id, secret: nodeSecret(secret, node) });
  return { keys: [derived(newest), ...older.map(derived)] };
}
