/** Clock, randomness and ids, injected so that tests can control them. */
export type World = {
  /** Unix time, ms. */
  readonly nowMs: () => number;
  /** A monotonic clock, ms. */
  readonly monotonicNowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Returns a new ULID: unique, and sorted by time. */
  readonly newId: () => string;
};
