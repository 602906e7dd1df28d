/** What the router takes from the world beside its settings, so that tests can give it another. */
export type World = {
  /** Unix time, ms. */
  readonly nowMs: () => number;
  /** A clock that never steps, ms. */
  readonly monotonicNowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A ULID: unique, and in the order of time. */
  readonly newId: () => string;
};
