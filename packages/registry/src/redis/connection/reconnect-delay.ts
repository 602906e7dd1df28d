/**
 * Within this time after a Redis is back all its clients are back, ms. Longer: fewer at once. Shorter: sooner.
 * With 0.4 s from one reading to the next and the greetings, a reading succeeds within 2 s.
 */
export const reconnectSpreadMs = 1500;

export type ReconnectOptions = {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A clock that never steps, ms. */
  readonly monotonicNowMs: () => number;
};

/**
 * How long to wait before an attempt to connect, ms. All clients of a Redis lose it in one moment, so the first attempt comes at a moment
 * of its own, uniform in the spread. The following ones begin a whole spread after each other, however long they take to fail, so that
 * every client keeps its phase: a fresh draw each time would bring every eighth of them within the first tenth of a second of Redis'
 * return.
 *
 * @returns of the number of the attempt since the connection was lost, counted from 1; for one client only
 */
export function createReconnectDelay({ random, monotonicNowMs }: ReconnectOptions): (attempt: number) => number {
  let beganAtMs = 0;
  return (attempt) => {
    const nowMs = monotonicNowMs();
    const delayMs =
      attempt <= 1 ? random() * reconnectSpreadMs : reconnectSpreadMs - ((nowMs - beganAtMs) % reconnectSpreadMs);
    beganAtMs = nowMs + delayMs;
    return delayMs;
  };
}
