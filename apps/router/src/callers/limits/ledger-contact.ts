/** Decides from the last exchanges whether the ledger is usable. Times are ms of a monotonic clock. */
export type LedgerContact = {
  readonly asked: (nowMs: number) => void;
  /**
   * @param epoch a changed epoch means that the ledger has lost its data
   * @returns whether everything must be reported again
   */
  readonly answered: (nowMs: number, epoch: string) => boolean;
  readonly failed: (nowMs: number) => void;
  /** Returns the time since which this router enforces its share alone; undefined: the ledger is usable. */
  readonly aloneSinceMs: (nowMs: number) => number | undefined;
};

/** After this time without an answer the ledger counts as lost, ms. An answer usually takes 1 ms. */
const timeoutMs = 300;

/**
 * Time for which a returned ledger gets reports but is not used yet, ms: until every router has found it again (1.5 s, perhaps at the second
 * attempt) and has reported the calls that it accepted meanwhile.
 */
const returnMs = 4_000;

export function createLedgerContact(startMs: number): LedgerContact {
  let isStarting = true;
  let askedAtMs: number | undefined;
  let aloneSinceMs: number | undefined = startMs;
  let backSinceMs: number | undefined;
  let lastEpoch: string | undefined;

  function lose(sinceMs: number): void {
    isStarting = false;
    aloneSinceMs ??= sinceMs;
    backSinceMs = undefined;
  }

  return {
    asked(nowMs) {
      askedAtMs = nowMs;
    },
    answered(nowMs, epoch) {
      if (askedAtMs !== undefined && nowMs - askedAtMs > timeoutMs) lose(askedAtMs);
      if (lastEpoch !== undefined && epoch !== lastEpoch) lose(nowMs);
      lastEpoch = epoch;
      askedAtMs = undefined;
      // At the first attempt there are no calls yet that other routers would need to know.
      if (isStarting) aloneSinceMs = undefined;
      isStarting = false;
      if (aloneSinceMs === undefined) return false;
      const isFirst = backSinceMs === undefined;
      backSinceMs ??= nowMs;
      if (nowMs - backSinceMs >= returnMs) aloneSinceMs = backSinceMs = undefined;
      return isFirst;
    },
    failed(nowMs) {
      lose(askedAtMs ?? nowMs);
      askedAtMs = undefined;
    },
    aloneSinceMs: (nowMs) =>
      aloneSinceMs ?? (askedAtMs !== undefined && nowMs - askedAtMs > timeoutMs ? askedAtMs : undefined),
  };
}
