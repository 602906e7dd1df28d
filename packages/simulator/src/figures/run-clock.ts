/** The times of a run that its figures need. */
export type RunClock = {
  readonly durationSeconds: number;
  readonly measuredFromSecond: number;
  /** Number of points of each curve. */
  readonly points: number;
};
