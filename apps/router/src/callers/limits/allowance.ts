/** What all routers together may let through beyond the limit, as part of it. */
const tolerance = 0.1;

/** Of a share times a limit: 0.07 × 100 is a little more than 7. */
const roundingError = 1e-6;

/** From this part of its limit on a caller is busy: all routers are told, and how its calls are spread counts when the ledger is away. */
const busyPart = 0.25;

/**
 * Calls of one bucket that a router lets through before it has asked the ledger: `limit × 10 % ÷ routers`, whole ones, so that all routers
 * together stay within the tolerance; at least 1, or nobody's first call would pass; the only router asks nobody.
 */
export function freeCalls(limit: number, replicas: number): number {
  return replicas <= 1 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((limit * tolerance) / replicas));
}

/** Calls to ask a lease for: as many again as have come since the last exchange, and again; none while the free ones will do. */
export function wishFrom(triedSinceExchange: number, free: number): number {
  return triedSinceExchange * 2 <= free ? 0 : triedSinceExchange * 2;
}

export function isBusy(limit: number, calls: number): boolean {
  return calls >= limit * busyPart;
}

/**
 * Part of a bucket's limit that is this router's while the ledger is away. Of a busy caller: its part of the calls of the last minute that
 * the ledger knew of, so that a caller whose calls keep to their routers has all of its limit. Of any other: the same at every router.
 */
export function shareWithoutLedger(
  { own, others }: { readonly own: number; readonly others: number },
  limit: number,
  replicas: number,
): number {
  const calls = own + others;
  return isBusy(limit, calls) ? own / Math.min(limit, calls) : 1 / replicas;
}

/** `limit × share` whole calls, but never less than the free ones: these stand in the tolerance of all. */
export function capWithoutLedger(limit: number, share: number, free: number): number {
  return Math.max(free, Math.ceil(limit * share - roundingError));
}
