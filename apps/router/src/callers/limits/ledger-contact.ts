/** Whether the ledger can be relied on, told from how it was last asked. Times are ms of a clock that never steps. */
export type LedgerContact = {
  readonly asked: (nowMs: number) => void;
  /**
   * @param epoch another one than before: the ledger has lost everything
   * @returns whether it has to hear everything again
   */
  readonly answered: (nowMs: number, epoch: string) => boolean;
  readonly failed: (nowMs: number) => void;
  /** Since when this router has to judge by itself; undefined: it has not. */
  readonly aloneSinceMs: (nowMs: number) => number | undefined;
};

/** An answer that takes longer is not waited for, ms; at other times it is a matter of one. */
const patienceMs = 300;

/**
 * How long a ledger that is back is told but not yet believed, ms: until every router has found it again (1.5 s, perhaps at the second
 * attempt) and has said what it has let through meanwhile.
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
      if (askedAtMs !== undefined && nowMs - askedAtMs > patienceMs) lose(askedAtMs);
      if (lastEpoch !== undefined && epoch !== lastEpoch) lose(nowMs);
      lastEpoch = epoch;
      askedAtMs = undefined;
      // At the first attempt there is nothing yet that the others would have to hear.
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
      aloneSinceMs ?? (askedAtMs !== undefined && nowMs - askedAtMs > patienceMs ? askedAtMs : undefined),
  };
}
