/** Something that happens again and again in a run. */
export interface EventSource {
  /** When it happens next, seconds from the start; infinite when never again. */
  readonly nextSecond: () => number;
  /** Lets it happen, at that very second. */
  readonly happen: () => void;
}
