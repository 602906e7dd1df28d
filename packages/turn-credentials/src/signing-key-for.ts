import type { KeyRing, SigningKey } from './key-ring.ts';

/**
 * The newest key that a node has proven to accept, so that a key may be added to nodes and routers in any order.
 *
 * @param provenIds of a node that says it; where it does not, or names no key of the ring, the newest key is as good as any
 */
export function signingKeyFor({ keys }: KeyRing, provenIds: readonly string[] | undefined): SigningKey {
  return keys.find(({ id }) => provenIds?.includes(id)) ?? keys[0];
}
