/** What is known of a node's work since a report that could be believed. Work is load × capacity, in Mbit/s. */
export type WorkSinceReport = {
  /** As reported. */
  readonly reportedMbps: number;
  readonly reportAgeMs: number;
  /** What was given out since then, by this router and (by their number) its peers, less what has ended again. */
  readonly issuedMbps: number;
};

/** What is held true of the calls of a region. */
export type CallFigures = {
  readonly meanCallMs: number;
  /** Work of one call. */
  readonly callMbps: number;
};

/** How many standard deviations of what is not known count as work. */
const doubt = 2;

/**
 * A node's work at this moment: what was reported and has not ended, and what was issued since. Calls of mean length T end at random, so
 * of the reported work e^(−age ÷ T) is left (Little 1961; exponential lengths).
 *
 * work = reported × e^(−age ÷ T) + issued
 */
export function estimateWorkMbps(
  { reportedMbps, reportAgeMs, issuedMbps }: WorkSinceReport,
  meanCallMs: number,
): number {
  return reportedMbps * Math.exp(-reportAgeMs / meanCallMs) + issuedMbps;
}

/**
 * What a node may plausibly carry: the estimate and two standard deviations of it, by capacity. Calls end at random (binomial) and come at
 * random (Poisson). The older the report and the smaller the node, the larger its uncertain part: such a node gets a little less than its
 * share, and so the worst node of a region is less bad. Published figures: packages/simulator/figures.
 *
 * load = (work + 2 × √(c × (left × (1 − e^(−age ÷ T)) + issued))) ÷ capacity, c = work of one call
 */
export function cautiousLoad(
  { reportedMbps, reportAgeMs, issuedMbps }: WorkSinceReport,
  capacityMbps: number,
  { meanCallMs, callMbps }: CallFigures,
): number {
  const stillThere = Math.exp(-reportAgeMs / meanCallMs);
  const leftMbps = reportedMbps * stillThere;
  const varianceMbps2 = callMbps * (leftMbps * (1 - stillThere) + issuedMbps);
  return (leftMbps + issuedMbps + doubt * Math.sqrt(varianceMbps2)) / capacityMbps;
}
