/** A small hash as stored: name → record as JSON. Neither is validated. */
export type StoredHash = ReadonlyMap<string, string>;

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
   * @returns false, with nothing changed, when the current entry is not `expected`
   */
  replace(name: string, expected: string | undefined, next: string | undefined): Promise<boolean>;
}
