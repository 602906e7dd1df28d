/** What the figures of a run must know of its time. */
export type RunClock = {
  readonly durationSeconds: number;
  readonly measuredFromSecond: number;
  /** Of its curves. */
  readonly points: number;
};
