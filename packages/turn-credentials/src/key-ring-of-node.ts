import type { KeyRing, SigningKey } from './key-ring.ts';
import { nodeSecret } from './node-secret.ts';

/** `shared`: all TURN servers hold the ring itself; `per-node`: it is a ring of master keys, of which each holds what is derived for it. */
export type SecretMode = 'shared' | 'per-node';

/** The keys that a node's TURN server holds, by the node's name, `<region>/<id>`. */
export type KeyRingOfNode = (node: string) => KeyRing;

/** More nodes than a router is made for; some 300 bytes each. */
const rememberedMax = 16_384;

/**
 * Which keys each node holds. What is derived is remembered, so that nobody waits for it twice; the node that was derived longest ago is
 * forgotten first, so that made-up names cannot fill the memory.
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
 * What one node holds of a ring of master keys: each key under its own id, with the secret that is derived for this node.
 *
 * @param node `<region>/<id>`
 */
export function nodeKeyRing({ keys: [newest, ...older] }: KeyRing, node: string): KeyRing {
  const derived = ({ id, secret }: SigningKey): SigningKey => ({ id, secret: nodeSecret(secret, node) });
  return { keys: [derived(newest), ...older.map(derived)] };
}
