export type StunClientOptions = {
  /** Bound on the whole exchange, name lookup and connecting included; milliseconds, 1 to 2147483647. */
  readonly timeoutMs: number;
  /** Ends the exchange early with a StunError of code `aborted`. */
  readonly signal?: AbortSignal;
  /** Source of transaction ids; must be unpredictable (RFC 8489 §5). Default: `node:crypto`. */
  readonly randomBytes?: (length: number) => Uint8Array;
  /** Monotonic clock in milliseconds for round trips. Default: `performance.now`. */
  readonly now?: () => number;
};
