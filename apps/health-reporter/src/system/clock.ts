/** The two clocks of a machine, milliseconds. */
export type Clock = {
  /** Unix time; may jump. For what is signed or shown. */
  readonly nowMs: () => number;
  /** Only grows, from any start. For what is subtracted. */
  readonly monotonicMs: () => number;
};
