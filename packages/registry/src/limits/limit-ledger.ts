/** Calls that one router has let through within the window, by their age. */
export type AgedCalls = readonly { readonly ageSlots: number; readonly calls: number }[];

/** One router's report on one bucket (an API key, user or address with a limit). */
export type LimitReport = {
  /** From `bucketName`, which hides the caller's identity. */
  readonly bucket: string;
  /** Calls a minute, over all routers. */
  readonly limit: number;
  /** All calls that this router has let through within the window; replaces its report before. */
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
  /** Time until calls may be left again, ms; 0 when some are left now. */
  readonly fullForMs: number;
};

export type LimitExchange = {
  /** In the order of the reports. */
  readonly settlements: readonly LimitSettlement[];
  /** Buckets that any router has reported busy within the window, the latest `busyMax` of them. */
  readonly busy: readonly string[];
  /** Changes when the ledger has lost its data. */
  readonly epoch: string;
  /** Only from a ledger that replaces the registry's during an outage: the routers that reported to it recently. */
  readonly routers?: number;
};

/** Sums the calls that all routers have let through. Every call settles within a bounded time, or rejects with a RegistryError. */
export interface LimitLedger {
  /**
   * Each report is complete, so a repeated or late report does no harm, nor does one after the ledger has lost its data.
   *
   * @param replicaId unique to this router process
   * @param busy buckets that this router reports as busy
   */
  exchangeLimits(replicaId: string, reports: readonly LimitReport[], busy: readonly string[]): Promise<LimitExchange>;
}

/** The resolution of the window, ms. */
export const slotMs = 1_000;

/** A call counts in its own slot and in this many more: at least 60 s, at most 61 s. */
export const windowSlots = 60;

/** How long a grant stays reserved, ms. The grant of a router that dies is unavailable for this long. */
export const leaseMs = 2_000;

/** The longest list of busy buckets. Each router reads it 4 times a second, so longer ones cost more than they gain. */
export const busyMax = 1_000;

/** Grants at most half of what is left, so that something remains for the next routers. */
export function grantFrom(wish: number, room: number): number {
  return Math.max(0, Math.min(wish, Math.ceil(room / 2)));
}
