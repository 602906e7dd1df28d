/** How this program connects to Redis: once, so that there are no reconnects to spread. */
export const connectionOfTurnctl = {
  name: 'turnctl',
  random: () => 0,
  monotonicNowMs: () => performance.now(),
  // A person waits: longer than a router's loop.
  commandTimeoutMs: 5_000,
} as const;
