/** A small hash as stored: name → record as JSON. Neither is validated. */
export type StoredHash = ReadonlyMap<string, string>;

/** A sign that Redis has lost a hash: it existed, and is gone. */
export type HashLoss =
  /** A router still holds this number of its entries in memory. */
  | { readonly sign: 'held'; readonly entries: number }
  /** The audit log has a change of an entry. */
  | { readonly sign: 'audited' };

/** One entry to replace. Undefined stands for no entry. */
export type EntryReplacement = {
  readonly name: string;
  readonly expected: string | undefined;
  readonly next: string | undefined;
};

/** A hash that can be read. Every call settles within a bounded time, or rejects with a RegistryError. */
export interface HashSource extends AsyncDisposable {
  /** Returns undefined when the hash does not exist, and an empty map when it exists without entries. */
  readAll(): Promise<StoredHash | undefined>;
}

/** A hash that can be read and written. */
export interface HashStore extends HashSource {
  /**
   * Replaces `expected` by `next` atomically. Undefined stands for no entry.
   *
   * @returns false, with nothing changed, when the current entry is not `expected`, or when the hash has disappeared since `readAll` or
   *   `findLoss` found it
   */
  replace(name: string, expected: string | undefined, next: string | undefined): Promise<boolean>;
  /**
   * Replaces several entries in one step, so that no reader sees a part of them.
   *
   * @returns false, with nothing changed, when any current entry is not the expected one, or when the hash has disappeared
   */
  replaceAll(replacements: readonly EntryReplacement[]): Promise<boolean>;
  /**
   * Returns a sign that the hash is lost. Returns undefined when it exists, or when there is no sign that it ever existed. Afterwards, a change
   * may create the hash if it does not exist.
   */
  findLoss(): Promise<HashLoss | undefined>;
  /** Whether `reportHeld` is permitted. An earlier release of redis-acl did not permit it. Rejects with a RegistryError. */
  mayReportHeld(): Promise<boolean>;
  /** Writes for other programs that this process holds entries of the lost hash. */
  reportHeld(entries: number): Promise<void>;
}
