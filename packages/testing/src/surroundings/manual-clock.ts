/** A clock for tests that moves only when told; milliseconds. */
export type ManualClock = {
  readonly now: () => number;
  readonly advance: (milliseconds: number) => void;
};

/** @param startMs what `now()` says at first */
export function createManualClock(startMs = 0): ManualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (milliseconds) => {
      nowMs += milliseconds;
    },
  };
}
