/** What making keys takes from the world, so that tests can give it another. */
export type KeyWorld = {
  /** Unix time, ms. */
  readonly nowMs: () => number;
  /** Bytes that nobody can guess. */
  readonly randomBytes: (count: number) => Buffer;
};
