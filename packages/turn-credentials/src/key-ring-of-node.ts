import type { KeyRing } from './key-ring.ts';
import { nodeKeyRing } from './node-key-ring.ts';

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
