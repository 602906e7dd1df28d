import type { AuditAction, AuditEntry, AuditEvent } from '@turn-router/contract/registry';

/** What several that watch the same thing would all write: it is written by the first. */
export type AuditState = {
  /** Whose state it is, such as `node/eu-central-1/node-01`. */
  readonly of: string;
  /** What the subject has come to, such as `draining`, or the hash of a file. */
  readonly is: string;
  /** After this time the same would be news again, ms; undefined: never. */
  readonly lastsMs?: number;
  /**
   * Within this time the same is no news even though something else was said meanwhile, ms; undefined: it is. Of several that watch, one
   * sees everything last. Longer: what really changes to and fro within the time is written once.
   */
  readonly settlesMs?: number;
};

export type AuditQuery = {
  /** The oldest that is wanted, Unix ms by the log's clock. */
  readonly sinceMs: number;
  /** An id: only what is older. */
  readonly before?: string | undefined;
  /** At most this many entries. */
  readonly limit: number;
  /** Undefined: all. */
  readonly action?: AuditAction | undefined;
};

export type AuditReading = {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** What stands in the part of the log that was read, and is no entry. */
  readonly rejected: number;
  /** Where to go on, by `before` of another query; undefined: there is nothing older. With it there may be fewer entries than wanted. */
  readonly before: string | undefined;
};

/**
 * Who changed what and when. It can be added to and read; nothing here changes or takes away what stands there. Every call settles within
 * a bounded time, or rejects with a RegistryError.
 */
export interface AuditLog extends AsyncDisposable {
  /**
   * Puts an event at the end of the log.
   *
   * @param state with it nothing is written when just that was said last
   * @returns whether it was written
   */
  append(event: AuditEvent, state?: AuditState): Promise<boolean>;
  read(query: AuditQuery): Promise<AuditReading>;
}
