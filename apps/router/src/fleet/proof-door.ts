import { RegistryError, type ProofStore } from '@turn-router/registry';

/** Reads and stores proofs for probers that report over HTTP. Every call settles within a bounded time, or rejects with a RegistryError. */
export type ProofDoor = Pick<ProofStore, 'readProofs' | 'putProof'>;

/**
 * Combines several registries. Each call goes to the first registry that accepts it, as reports do. So proofs are found where they were stored,
 * until the first registry fails or comes back.
 *
 * @param stores at least one
 */
export function createProofDoor(stores: readonly ProofDoor[]): ProofDoor {
  return {
    readProofs: (keys) => tryInOrder(stores, (store) => store.readProofs(keys)),
    putProof: (key, proof, ttlMs) => tryInOrder(stores, (store) => store.putProof(key, proof, ttlMs)),
  };
}

async function tryInOrder<T>(
  [store, ...others]: readonly ProofDoor[],
  call: (store: ProofDoor) => Promise<T>,
): Promise<T> {
  if (store === undefined) throw new RegistryError('unavailable', 'There is no registry');
  try {
    return await call(store);
  } catch (error) {
    if (others.length === 0 || !(error instanceof RegistryError)) throw error;
    return tryInOrder(others, call);
  }
}
