/** Decides from the last exchanges whether the ledger is usable. Times are ms of a monotonic clock. */
export type LedgerContact = {
  readonly asked: (nowMs: number) => void;
  /**
   * @param epoch if it has changed, the ledger has lost its data
   * @returns whether the router must report everything again
   */
  readonly answered: (nowMs: number, epoch: string) => boolean;
  readonly failed: (nowMs: number) => void;
  /** Returns the time at which this router began to enforce its part of the limits alone; undefined: the ledger is usable. */
  readonly aloneSinceMs: (nowMs: number) => number | undefined;
};

/** The ledger counts as lost after this time without an answer, ms. An answer usually takes 1 ms. */
const timeoutMs = 300;

/**
 * A ledger that has returned gets reports for this time before it is used, ms. In this time every router finds it again (1.5 s, perhaps at the
 * second attempt). Every router also reports the calls that it accepted meanwhile.
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
      // Before the first attempt, no call was accepted. So there is nothing that other routers would have to count.
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
