import type { KeyRing, SigningKey } from './key-ring.ts';
import { nodeSecret } from './node-secret.ts';

/**
 * What one node holds of a ring of master keys: each key under its own id, with the secret that is derived for this node.
 *
 * @param node `<region>/<id>`
 */
export function nodeKeyRing({ keys: [newest, ...older] }: KeyRing, node: string): KeyRing {
  const derived = ({ id, secret }: SigningKey): SigningKey => ({ id, secret: nodeSecret(secret, node) });
  return { keys: [derived(newest), ...older.map(derived)] };
}
