import type { EntryStore } from './entries.ts';
import type { Trail } from './trail.ts';

/** The stores, the audit trail, the clock and the random source of the use cases. The type of each use case picks the members that it needs. */
export type OperationParts = {
  /** The API keys: id → `ApiKeyRecord`. */
  readonly keys: EntryStore;
  /** The revocations: subject → `Revocation`. */
  readonly revocations: EntryStore;
  readonly trail: Trail;
  /** Unix time, ms. */
  readonly nowMs: () => number;
  /** Cryptographically secure random bytes. */
  readonly randomBytes: (size: number) => Buffer;
};
