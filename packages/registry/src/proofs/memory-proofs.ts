import { nodeNameFromKey, nodeProofKey, type StoredProof } from '@turn-router/contract/registry';
import { RegistryError } from '../registry-error.ts';
import { proofsMax as defaultProofsMax, proofsOfProberMax } from './proof-limits.ts';
import type { ProofStore } from './proof-store.ts';

/**
 * Keeps proofs in the memory of this process, beside the embedded registry.
 *
 * @param monotonicNowMs a monotonic clock, ms
 * @param proofsMax the largest number of proofs; further proofs are refused
 */
export function createMemoryProofs(monotonicNowMs: () => number, proofsMax = defaultProofsMax): ProofStore {
  const entries = new Map<string, { stored: StoredProof; expiresAtMs: number }>();
  /** The names of each prober's proofs. */
  const namesOf = new Map<string, Set<string>>();

  function remove(name: string, prober: string): void {
    entries.delete(name);
    const names = namesOf.get(prober);
    names?.delete(name);
    if (names?.size === 0) namesOf.delete(prober);
  }

  function removeExpired(): void {
    const nowMs = monotonicNowMs();
    for (const [name, { stored, expiresAtMs }] of entries) {
      if (expiresAtMs <= nowMs) remove(name, nodeNameFromKey(stored.prober));
    }
  }

  /** Whether there is no room for another proof of this prober. */
  const isFull = (prober: string) => entries.size >= proofsMax || (namesOf.get(prober)?.size ?? 0) >= proofsOfProberMax;

  return {
    readAllProofs() {
      removeExpired();
      return Promise.resolve({ proofs: [...entries.values()].map(({ stored }) => stored), invalid: 0, leftOut: 0 });
    },
    readProofs(keys) {
      removeExpired();
      return Promise.resolve(keys.map(({ target, prober }) => entries.get(nodeProofKey(target, prober))?.stored.proof));
    },
    putProof({ target, prober }, proof, ttlMs) {
      const name = nodeProofKey(target, prober);
      const proberName = nodeNameFromKey(prober);
      if (!entries.has(name) && isFull(proberName)) {
        removeExpired();
        if (isFull(proberName)) return Promise.reject(full(proofsMax));
      }
      entries.set(name, { stored: { target, prober, proof }, expiresAtMs: monotonicNowMs() + ttlMs });
      const names = namesOf.get(proberName) ?? new Set();
      namesOf.set(proberName, names.add(name));
      return Promise.resolve();
    },
  };
}

function full(proofsMax: number): RegistryError {
  return new RegistryError(
    'refused',
    `The registry is full: expected at most ${proofsMax} proofs, and ${proofsOfProberMax} of one prober`,
    { fault: 'out_of_memory' },
  );
}
