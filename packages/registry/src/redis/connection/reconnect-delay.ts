/**
 * All clients reconnect within this time after Redis is back, ms. With a longer time, fewer clients reconnect at once. With a shorter time,
 * they reconnect sooner. Including the handshake and 0.4 s between readings, a reading succeeds within 2 s.
 */
export const reconnectSpreadMs = 1500;

export type ReconnectOptions = {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A monotonic clock, ms. */
  readonly monotonicNowMs: () => number;
};

/**
 * Creates the delay function of one client. All clients lose Redis at the same moment, so each waits a random time, uniform in the spread,
 * before its first attempt. Further attempts start one whole spread apart, regardless of how long each attempt takes to fail. So the
 * clients stay evenly spread. A new random delay for each attempt would let an eighth of the clients reconnect within 0.1 s of Redis'
 * return.
 *
 * @returns a function from the number of the attempt since the loss, counted from 1, to the delay before it, ms
 */
export function createReconnectDelay({ random, monotonicNowMs }: ReconnectOptions): (attempt: number) => number {
  let attemptAtMs = 0;
  return (attempt) => {
    const nowMs = monotonicNowMs();
    const delayMs =
      attempt <= 1 ? random() * reconnectSpreadMs : reconnectSpreadMs - ((nowMs - attemptAtMs) % reconnectSpreadMs);
    attemptAtMs = nowMs + delayMs;
    return delayMs;
  };
}
