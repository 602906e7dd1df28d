/** API keys as they are stored: id → record as JSON, either of which anybody may have written. */
export type StoredApiKeys = ReadonlyMap<string, string>;

/** Where API keys are read. Every call settles within a bounded time, or rejects with a RegistryError. */
export interface ApiKeySource extends AsyncDisposable {
  /** Undefined where there is no such store (any more), which is not the same as one that holds no key. */
  readAll(): Promise<StoredApiKeys | undefined>;
}

/** Where they are written, too. */
export interface ApiKeyStore extends ApiKeySource {
  /**
   * Puts `next` in the place of `expected`, each undefined for none, in one step.
   *
   * @returns false, with nothing changed, when something else stood there
   */
  replace(id: string, expected: string | undefined, next: string | undefined): Promise<boolean>;
}
