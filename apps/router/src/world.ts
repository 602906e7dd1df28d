/** Clock, randomness and ids. They are passed in, so that tests can control them. */
export type World = {
  /** Unix time, ms. */
  readonly nowMs: () => number;
  /** A monotonic clock, ms. */
  readonly monotonicNowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Returns a new ULID. ULIDs are unique and sort by time. */
  readonly newId: () => string;
};
