import type { KeyRing, SigningKey } from './key-ring.ts';
import { nodeSecret } from './node-secret.ts';

/** `shared`: all TURN servers hold the ring itself. `per-node`: the ring holds master keys, and each TURN server holds keys derived for it. */
export type SecretMode = 'shared' | 'per-node';

/** Returns the keys that a node's TURN server holds. The argument is the node's name, `<region>/<id>`. */
export type KeyRingOfNode = (node: string) => KeyRing;

/** Maximum number of cached rings, about 300 bytes each. More than the largest fleet that a router supports. */
const rememberedMax = 16_384;

/**
 * Creates the function that returns each node's keys. It caches derived rings, and drops the oldest one when the cache is full, so invented
 * node names cannot fill the memory.
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
 * Derives one node's ring from a ring of master keys. Each key keeps its id and gets the secret that is derived for this node.
 *
 * @param node `<region>/<id>`
 */
export function nodeKeyRing({ keys: [newest, ...older] }: KeyRing, node: string): KeyRing {
  const derived = ({ id, secret }: SigningKey): SigningKey => ({ id, secret: nodeSecret(secret, node) });
  return { keys: [derived(newest), ...older.map(derived)] };
}
