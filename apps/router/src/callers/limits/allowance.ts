/** Calls that all routers together may accept above a limit, as a part of the limit. */
const tolerance = 0.1;

/** Rounding error of a part times a limit: 0.07 × 100 is slightly more than 7. */
const roundingError = 1e-6;

/**
 * A caller is busy if its calls reach this part of its limit. All routers are told about busy callers. While the ledger is unreachable, the routers
 * split the limit of a busy caller in proportion to its calls at each router.
 */
const busyPart = 0.25;

/**
 * Returns the calls of one bucket that a router accepts without a lease: `limit × 10 % ÷ routers`, rounded down. So all routers together stay
 * within the tolerance. The result is at least 1, so that a first call passes. It is unlimited for the only router, which needs no lease.
 */
export function freeCalls(limit: number, replicas: number): number {
  return replicas <= 1 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((limit * tolerance) / replicas));
}

/** Returns the number of calls to request a lease for: twice the calls since the last exchange, or 0 while the free calls suffice. */
export function wishFrom(triedSinceExchange: number, free: number): number {
  return triedSinceExchange * 2 <= free ? 0 : triedSinceExchange * 2;
}

export function isBusy(limit: number, calls: number): boolean {
  return calls >= limit * busyPart;
}

/**
 * Returns this router's part of a bucket's limit while the ledger is unreachable.
 *
 * - For a busy caller, it is the router's part of the caller's calls in the last minute that the ledger counted. So the caller keeps its whole
 *   limit if its calls keep going to the same routers.
 * - For any other caller, every router has an equal part.
 */
export function shareWithoutLedger(
  { own, others }: { readonly own: number; readonly others: number },
  limit: number,
  replicas: number,
): number {
  const calls = own + others;
  return isBusy(limit, calls) ? own / Math.min(limit, calls) : 1 / replicas;
}

/** Returns `limit × share`, rounded up. The result is at least the number of free calls, which are within the tolerance. */
export function capWithoutLedger(limit: number, share: number, free: number): number {
  return Math.max(free, Math.ceil(limit * share - roundingError));
}
