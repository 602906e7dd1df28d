/** The counters of one reading, by name. They only increase. */
export type Counters = ReadonlyMap<string, number>;

/** Takes the next reading. Returns whether the growth of all its counters since the previous reading is known. */
export type StepCheck = (counters: Counters) => boolean;

/**
 * Creates a check of successive readings. Some drivers return a smaller value for a moment, and then the real value again. So the growth of a counter is
 * unknown
 *
 * - in the first reading, and if another set of counters is read than before;
 * - if the counter goes back, by however little;
 * - if the counter then returns to about the value that it had before. A counter that restarted and grows past its old value looks the same, so one
 *   of its samples is lost.
 */
export function createStepCheck(): StepCheck {
  let before: Counters = new Map();
  /** The value of each counter that went back, before it went back. */
  const peaks = new Map<string, number>();

  function isKnownStep(name: string, value: number): boolean {
    const last = before.get(name);
    if (last === undefined) return false;
    const peak = peaks.get(name);
    if (value < last) {
      peaks.set(name, Math.max(last, peak ?? 0));
      return false;
    }
    const returns = peak !== undefined && value > last && value - last >= Math.abs(peak - value);
    if (returns) peaks.delete(name);
    return !returns;
  }

  return (counters) => {
    const steps = [...counters].map(([name, value]) => isKnownStep(name, value));
    const isSameSet = counters.size === before.size;
    before = counters;
    return isSameSet && steps.every(Boolean);
  };
}
