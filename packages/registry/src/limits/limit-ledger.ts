/** Calls that one router has let through lately, by their age. */
export type AgedCalls = readonly { readonly ageSlots: number; readonly calls: number }[];

/** What one router says of one bucket (a key, a user or an address that is limited). */
export type LimitReport = {
  /** `bucketName`, which says nothing of whose bucket it is. */
  readonly bucket: string;
  /** Calls a minute, over all routers. */
  readonly limit: number;
  /** All that this router has let through within the window; replaces what it said before. */
  readonly calls: AgedCalls;
  /** Calls that this router would like to let through before it reports again. */
  readonly wish: number;
};

/** What the ledger knows of a bucket once a report has been taken in. */
export type LimitSettlement = {
  /** Of the wish, what this router may let through within `leaseMs` of its report. */
  readonly granted: number;
  /** What the other routers have let through within the window. */
  readonly othersCalls: number;
  /** When there is nothing left: until some may be again, ms. Else 0. */
  readonly fullForMs: number;
};

export type LimitExchange = {
  /** In the order of the reports. */
  readonly settlements: readonly LimitSettlement[];
  /** Buckets that some router has called busy within the window, the latest `busyMax` of them. */
  readonly busy: readonly string[];
  /** Another one once the ledger has lost everything. */
  readonly epoch: string;
  /** Of a ledger that stands in for the registry's: routers that it has heard from lately. */
  readonly routers?: number;
};

/** Where routers add up what they have let through. Rejects with a RegistryError, within a bounded time. */
export interface LimitLedger {
  /**
   * Each report is whole, so that one that comes twice, late, or after the ledger has lost everything does no harm.
   *
   * @param replicaId its own for as long as it runs; at most one router has it
   * @param busy buckets that this router calls busy
   */
  exchangeLimits(replicaId: string, reports: readonly LimitReport[], busy: readonly string[]): Promise<LimitExchange>;
}

/** Calls are counted by the second. */
export const slotMs = 1_000;

/** A call counts in the second that it came in and in so many more: in any 60 s never too little, in 61 s at most. */
export const windowSlots = 60;

/** How long a grant may lie unused, ms: a router that dies with one takes it away for so long. */
export const leaseMs = 2_000;

/** Longer lists of busy buckets would cost more to read, 4 times a second by each router, than they are worth. */
export const busyMax = 1_000;

/** Half of what is left at most, so that one router's wish leaves something for those that ask a moment later. */
export function grantFrom(wish: number, room: number): number {
  return Math.max(0, Math.min(wish, Math.ceil(room / 2)));
}
