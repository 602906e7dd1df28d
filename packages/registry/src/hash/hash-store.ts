/** A small hash as it is stored: name → record as JSON, either of which anybody may have written. */
export type StoredHash = ReadonlyMap<string, string>;

/** Where such a hash is read. Every call settles within a bounded time, or rejects with a RegistryError. */
export interface HashSource extends AsyncDisposable {
  /** Undefined where there is no such hash (any more), which is not the same as one that holds nothing. */
  readAll(): Promise<StoredHash | undefined>;
}

/** Where it is written, too. */
export interface HashStore extends HashSource {
  /**
   * Puts `next` in the place of `expected`, each undefined for none, in one step.
   *
   * @returns false, with nothing changed, when something else stood there
   */
  replace(name: string, expected: string | undefined, next: string | undefined): Promise<boolean>;
}
