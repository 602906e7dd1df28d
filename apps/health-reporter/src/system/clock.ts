/** The two clocks of a machine, milliseconds. */
export type Clock = {
  /** Unix time; may jump. It is used for signatures and display. */
  readonly nowMs: () => number;
  /** Never decreases; its start is arbitrary. It is used for durations. */
  readonly monotonicMs: () => number;
};
