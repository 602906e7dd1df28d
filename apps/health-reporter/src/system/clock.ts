/** The two clocks of a machine, milliseconds. */
export type Clock = {
  /** Unix time; may jump. Used for signatures and display. */
  readonly nowMs: () => number;
  /** Only grows, from an arbitrary start. Used for durations. */
  readonly monotonicMs: () => number;
};
