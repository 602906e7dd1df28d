/** The formulas that bound the claims of a node until its carried work proves them. All capacities and work are in Mbit/s. */

/**
 * The capacity that a node may claim without proof: the middle of the claimed capacities, in ascending order. Of an even number of nodes, this is
 * the upper one of the two in the middle. Of two nodes, no one can tell which one is usual. So the larger one counts as the smaller one, or as the
 * policy's default if this is more. A single node may claim anything, because no other node loses calls.
 */
export function usualCapacityMbps(claimedMbps: readonly number[], defaultMbps: number): number {
  const ascending = Float64Array.from(claimedMbps).toSorted();
  const [smallest = 0] = ascending;
  if (ascending.length < 2) return Number.POSITIVE_INFINITY;
  return ascending.length === 2 ? Math.max(smallest, defaultMbps) : (ascending[ascending.length >> 1] ?? smallest);
}

/** The capacity that counts: the claimed one, up to what every node may claim without proof, or what this node has proven. */
export function countedCapacityMbps(claimedMbps: number, unprovenMbps: number, provenMbps: number): number {
  return Math.min(claimedMbps, Math.max(unprovenMbps, provenMbps));
}

/** A node proves at most this many times the work that it carries. So a node proves its whole capacity at a load of a quarter, as in a quiet region. */
const provenPerCarriedMax = 4;

/** The proven capacity at most doubles in this time. So nobody takes over a region within a minute. */
const doublingMs = 60_000;

/** A longer time between two reports counts as this time. */
const longestIntervalMs = 15_000;

export type Proof = {
  readonly claimedMbps: number;
  readonly provenMbps: number;
  readonly unprovenMbps: number;
  /** Work that the node reports, up to the work that the credentials for it can have brought. */
  readonly carriedMbps: number;
  /** Part of the node's other resources in use, 0 to 1. If half of the CPU is in use, the node can carry at most twice its work. */
  readonly otherUse: number;
  readonly elapsedMs: number;
};

/**
 * Returns the proven capacity after a report. It never falls, except with the claim.
 *
 * shown = carried ÷ other use, up to 4 × carried
 * reach = the larger of proven and unproven × 2^(elapsed ÷ 60 s)
 * proven = the larger of the proven capacity so far and (shown, up to reach), up to the claim
 */
export function provenAfter(proof: Proof): number {
  const { claimedMbps, provenMbps, unprovenMbps, carriedMbps, otherUse, elapsedMs } = proof;
  const growth = 2 ** (Math.min(elapsedMs, longestIntervalMs) / doublingMs);
  const reachMbps = Math.max(provenMbps, unprovenMbps) * growth;
  const shownMbps = carriedMbps / Math.max(otherUse, 1 / provenPerCarriedMax);
  return Math.min(claimedMbps, Math.max(provenMbps, Math.min(shownMbps, reachMbps)));
}

const toleratedSigmas = 2;
/** A node that reports more than this times the usual bandwidth has other work than ours, or reports work that it does not have. */
const usualTimesMax = 1.5;

/** Whether the reported bandwidth can come from the credentials for the node. If not, it proves nothing. */
export function canCome(reportedMbps: number, usualMbps: number, varianceMbps2: number): boolean {
  return reportedMbps <= usualTimesMax * usualMbps + toleratedSigmas * Math.sqrt(varianceMbps2);
}

export type Delivery = {
  readonly reportedMbps: number;
  /** Work that the credentials issued for the node should have brought by now. */
  readonly broughtMbps: number;
  /** The part of the brought work that the nodes of the region usually report, 0 to 1. */
  readonly usualPart: number;
  /** Variance of the difference of the first two values. */
  readonly varianceMbps2: number;
};

/** Up to this part, missing work is no reason to trust a node less. */
const toleratedPart = 0.9;
const drawShareSteps = 4;

/**
 * Returns the part of a node's capacity that counts when nodes are picked: ¼, ½, ¾ or 1. It is below 1 if the node reports clearly less work than
 * its credentials brought, compared with the other nodes of the region.
 *
 * share = (reported + 2 standard deviations) ÷ (0.9 × usual part × brought), rounded up to quarters
 */
export function drawShareOf({ reportedMbps, broughtMbps, usualPart, varianceMbps2 }: Delivery): number {
  const expectedMbps = toleratedPart * usualPart * broughtMbps;
  if (expectedMbps <= 0) return 1;
  const part = (reportedMbps + toleratedSigmas * Math.sqrt(varianceMbps2)) / expectedMbps;
  return Math.min(1, Math.max(1, Math.ceil(part * drawShareSteps)) / drawShareSteps);
}

/** The same part for a node whose reports are implausible. */
export const doubtedDrawShare = 0.5;
