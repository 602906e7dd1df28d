import type { AuditAction, AuditEntry, AuditEvent } from '@turn-router/contract/registry';

/** A state that several routers observe at the same time. Only the first router writes its event. */
export type AuditState = {
  /** The subject of the state, such as `node/eu-central-1/node-01`. */
  readonly of: string;
  /** The new state of the subject, such as `draining`, or the hash of a file. */
  readonly is: string;
  /**
   * Time for which the log remembers the state after its last report, ms. After this time the log writes the same state again. Undefined:
   * forever.
   */
  readonly lastsMs?: number;
  /**
   * Time within which the same state is not written again, even after another state in between, ms. Undefined: it is written again. This
   * suppresses the event of a router that sees the changes late. If the time is longer, a state that really changes back and forth is
   * written only once.
   */
  readonly settlesMs?: number;
};

export type AuditQuery = {
  /** The oldest time to return, Unix ms by the log's clock. */
  readonly sinceMs: number;
  /** An id: returns only older entries. */
  readonly before?: string | undefined;
  /** The maximum number of entries. */
  readonly limit: number;
  /** Undefined: all actions. */
  readonly action?: AuditAction | undefined;
};

export type AuditReading = {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** The number of invalid entries in the part of the log that was read. */
  readonly rejected: number;
  /**
   * The value of `before` for the next query; undefined if there are no older entries. A reading with `before` may have fewer entries
   * than `limit`.
   */
  readonly before: string | undefined;
};

/**
 * Records who changed what and when. The log is append-only. Every call settles within a bounded time, or rejects with a RegistryError.
 */
export interface AuditLog extends AsyncDisposable {
  /**
   * Appends an event.
   *
   * @param state skips the event when the log already holds this state of the subject
   * @returns whether the event was written
   */
  append(event: AuditEvent, state?: AuditState): Promise<boolean>;
  read(query: AuditQuery): Promise<AuditReading>;
}
