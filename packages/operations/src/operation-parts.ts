import type { EntryStore } from './entries.ts';
import type { Trail } from './trail.ts';

/** What use cases work with; each asks for what it needs of it. */
export type OperationParts = {
  /** The API keys: id → `ApiKeyRecord`. */
  readonly keys: EntryStore;
  /** The revocations: subject → `Revocation`. */
  readonly revocations: EntryStore;
  readonly trail: Trail;
  /** Unix time, ms. */
  readonly nowMs: () => number;
  /** Such as nobody can guess. */
  readonly randomBytes: (size: number) => Buffer;
};
