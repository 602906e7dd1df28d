import type { EntryReplacement, StoredHash } from '../hash/hash-store.ts';
import type { SnapshotFault } from '../snapshot-store/snapshot-fault.ts';

export type DurableHashEvents = {
  /** The newest content is not on disk, or is on disk again. Also called at the first write. */
  onUnsaved(isUnsaved: boolean): void;
  /** A write failed after one that succeeded, or the first write failed. */
  onSaveFailed(fault: SnapshotFault): void;
  /** A write succeeded after one that failed. */
  onSaveRecovered(): void;
  /** A damaged file got another name. */
  onSetAside(name: string, fault: SnapshotFault): void;
  /** The files are unusable, older than the content in memory, or lack a change of this or of another process. */
  onIncomplete(fault: SnapshotFault): void;
  /** The content is complete again. */
  onComplete(): void;
  /** At the disposal: the last content could not be written. */
  onAbandoned(): void;
};

export type DurableHashOptions = {
  /** Whether this process writes the files. */
  readonly writes: boolean;
  /** Unix time, ms; for the names of damaged files. */
  readonly nowMs: () => number;
  readonly monotonicNowMs: () => number;
  /** Whether a start with the content on disk would be unsafe. Default: an entry of it has been removed or changed. */
  readonly isUnsafe?: (onDisk: StoredHash, current: StoredHash) => boolean;
  /** Time between two looks at the files, ms; default 500. */
  readonly intervalMs?: number;
};

/**
 * A small hash in memory and in two files of the state directory. A change is written at once. If that fails, the write is repeated until it
 * succeeds. If the files change, disappear or become damaged, they are read or written again.
 */
export interface DurableHash extends AsyncDisposable {
  /** The newest content; undefined if there has never been any. */
  readonly content: () => StoredHash | undefined;
  /** False: entries may be missing, because the files were damaged, or because a change of this or of another process was not written. */
  readonly isComplete: () => boolean;
  /** Whether the newest content is on disk. */
  readonly isSaved: () => boolean;
  /** Replaces the whole content by a content that is known to be complete. Writes it in the background. */
  readonly use: (hash: StoredHash) => void;
  /**
   * Replaces entries in one step. Settles when the change is on disk, or after the first failed write.
   *
   * @returns false, with nothing changed, when any current entry is not the expected one
   */
  readonly replaceAll: (replacements: readonly EntryReplacement[]) => Promise<boolean>;
  /** Looks at the files, and writes what is not on disk. The loop calls it periodically. */
  readonly refresh: () => Promise<void>;
}
