/** A source of events in a run. */
export interface EventSource {
  /** Time of the next event, seconds from the start; infinite if there are no more events. */
  readonly nextSecond: () => number;
  /** Runs the next event. */
  readonly happen: () => void;
}
