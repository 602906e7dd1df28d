export type StunClientOptions = {
  /** Bound on the whole exchange, name lookup and connecting included; milliseconds, 1 to 2147483647. */
  timeoutMs: number;
  /** Ends the exchange early with a StunError of code `aborted`. */
  signal?: AbortSignal;
  /** Source of transaction ids; must be unpredictable (RFC 8489 §5). Default: `node:crypto`. */
  randomBytes?: (length: number) => Uint8Array;
  /** Monotonic clock in milliseconds for round trips. Default: `performance.now`. */
  now?: () => number;
};
