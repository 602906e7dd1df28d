/** Calls that all routers together may accept beyond a limit, as a part of the limit. */
const tolerance = 0.1;

/** Rounding error of a share times a limit: 0.07 × 100 is slightly more than 7. */
const roundingError = 1e-6;

/** From this part of its limit on, a caller is busy: all routers learn of it, and they split its limit by its calls while the ledger is away. */
const busyPart = 0.25;

/**
 * Returns the calls of one bucket that a router accepts without a lease: `limit × 10 % ÷ routers`, rounded down, so that all routers together stay
 * within the tolerance. At least 1, so that a first call passes. Unlimited for the only router, which needs no lease.
 */
export function freeCalls(limit: number, replicas: number): number {
  return replicas <= 1 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((limit * tolerance) / replicas));
}

/** Returns the calls to request a lease for: twice the calls since the last exchange, or 0 while the free calls suffice. */
export function wishFrom(triedSinceExchange: number, free: number): number {
  return triedSinceExchange * 2 <= free ? 0 : triedSinceExchange * 2;
}

export function isBusy(limit: number, calls: number): boolean {
  return calls >= limit * busyPart;
}

/**
 * Returns this router's share of a bucket's limit while the ledger is away. For a busy caller: its part of the calls of the last minute that the
 * ledger knew, so that a caller keeps its whole limit if its calls stay at their routers. For any other caller: the same share at every router.
 */
export function shareWithoutLedger(
  { own, others }: { readonly own: number; readonly others: number },
  limit: number,
  replicas: number,
): number {
  const calls = own + others;
  return isBusy(limit, calls) ? own / Math.min(limit, calls) : 1 / replicas;
}

/** Returns `limit × share`, rounded up, but at least the free calls, which are within the tolerance. */
export function capWithoutLedger(limit: number, share: number, free: number): number {
  return Math.max(free, Math.ceil(limit * share - roundingError));
}
