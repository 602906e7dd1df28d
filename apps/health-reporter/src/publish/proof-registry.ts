import type { NodeKey, NodeProof, NodeProofKey, PublishedReport } from '@turn-router/contract/registry';
import type { TurnCredential } from '@turn-router/turn-credentials';

/** A node, and what its record publishes for callers. */
export type PublishedRecord = { readonly key: NodeKey; readonly report: PublishedReport };

/**
 * The registry as a prober uses it. Every call settles within a bounded time, or rejects with a RegistryError. Its fault is `no_permission` if the
 * registry's user may not use proofs.
 */
export interface ProofRegistry {
  /** Reads the records of the whole fleet. */
  readNodes(): Promise<readonly PublishedRecord[]>;
  /** Reads the record of one node; undefined if there is none, or if it is invalid. */
  readNode(key: NodeKey): Promise<PublishedReport | undefined>;
  /** Reads proofs, in the order of the keys; undefined for each one that is missing or invalid. */
  readProofs(keys: readonly NodeProofKey[]): Promise<readonly (NodeProof | undefined)[]>;
  /**
   * Returns a short-lived credential for probes of an assigned target. Unset: there is no router to ask. It is asked only if the target refuses
   * the prober's own keys, or must not see them, as with per-node secrets.
   */
  readonly probeCredential?: (target: NodeKey) => Promise<TurnCredential>;
  /** Whether the registry is on this host, as in a trial on one machine. Only then probes may go to loopback addresses. */
  readonly isOnLoopback: boolean;
  /** Replaces a proof. It expires after `ttlMs`. */
  putProof(key: NodeProofKey, proof: NodeProof, ttlMs: number): Promise<void>;
}
