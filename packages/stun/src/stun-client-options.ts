export type StunClientOptions = {
  /** The timeout of the whole exchange, including name lookup and connecting; milliseconds, 1 to 2147483647. */
  readonly timeoutMs: number;
  /** If this signal fires, the exchange ends with a StunError of code `aborted`. */
  readonly signal?: AbortSignal;
  /** The source of transaction ids. It must be unpredictable (RFC 8489 §5). Default: `node:crypto`. */
  readonly randomBytes?: (length: number) => Uint8Array;
  /** The monotonic clock for round trips, milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
};
