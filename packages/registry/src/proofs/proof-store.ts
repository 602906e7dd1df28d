import type { NodeProof, NodeProofKey, StoredProof } from '@turn-router/contract/registry';

/** One complete reading of the proofs in a registry. */
export type ProofReading = {
  readonly proofs: readonly StoredProof[];
  /** Number of values that are no valid proofs. They are left out. */
  readonly invalid: number;
  /** Number of proofs beyond the maximum that a reading takes. They are left out. */
  readonly leftOut: number;
};

/**
 * The proofs that probers keep in a registry beside the records of the nodes. Every call settles within a bounded time, or rejects with a
 * RegistryError. Its fault is `no_permission` if the registry's user may not use proofs.
 */
export interface ProofStore {
  /** Reads the proofs of all nodes by all probers, for a router. */
  readAllProofs(): Promise<ProofReading>;
  /** Reads proofs, in the order of the keys; undefined for each one that is missing or invalid. */
  readProofs(keys: readonly NodeProofKey[]): Promise<readonly (NodeProof | undefined)[]>;
  /** Replaces a proof. It expires after `ttlMs`. */
  putProof(key: NodeProofKey, proof: NodeProof, ttlMs: number): Promise<void>;
}
