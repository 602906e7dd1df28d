/** Calls that one router has let through within the window, by their age. */
export type AgedCalls = readonly { readonly ageSlots: number; readonly calls: number }[];

/** One router's report on one bucket (an API key, user or address with a limit). */
export type LimitReport = {
  /** From `bucketName`, which hides the caller's identity. */
  readonly bucket: string;
  /** Calls a minute, over all routers. */
  readonly limit: number;
  /** All calls that this router has let through within the window. They replace the previous report of this router. */
  readonly calls: AgedCalls;
  /** Calls that this router wants to let through before its next report. */
  readonly wish: number;
};

/** The ledger's answer to one report. */
export type LimitSettlement = {
  /** The part of `wish` that this router may let through within `leaseMs` of its report. */
  readonly granted: number;
  /** Calls that the other routers have let through within the window. */
  readonly othersCalls: number;
  /** Time until calls may be left again, ms; 0 if calls are left now. */
  readonly fullForMs: number;
};

export type LimitExchange = {
  /** In the order of the reports. */
  readonly settlements: readonly LimitSettlement[];
  /** The buckets that routers have reported as busy within the window; at most the latest `busyMax`. */
  readonly busy: readonly string[];
  /** A value that changes if the ledger loses its data. */
  readonly epoch: string;
  /**
   * The number of routers that reported to this ledger recently. Present only if a router keeps the ledger while the registry is
   * unreachable.
   */
  readonly routers?: number;
};

/** The calls that all routers together have let through. Every call settles within a bounded time, or rejects with a RegistryError. */
export interface LimitLedger {
  /**
   * Each report is complete. So a repeated or late report does no harm. A ledger that has lost its data needs only the next reports.
   *
   * @param replicaId unique to this router process
   * @param busy buckets that this router reports as busy
   */
  exchangeLimits(replicaId: string, reports: readonly LimitReport[], busy: readonly string[]): Promise<LimitExchange>;
}

/** The resolution of the window, ms. */
export const slotMs = 1_000;

/** A call counts in its own slot and in this number of further slots: at least 60 s, at most 61 s. */
export const windowSlots = 60;

/** How long a grant stays reserved, ms. The grant of a router that dies is unavailable for this long. */
export const leaseMs = 2_000;

/** The longest list of busy buckets. Each router reads the list 4 times a second, so a longer list would cost more than it gains. */
export const busyMax = 1_000;

/** Grants at most half of the calls that are left, so that some remain for the next routers. */
export function grantFrom(wish: number, room: number): number {
  return Math.max(0, Math.min(wish, Math.ceil(room / 2)));
}
