/** The known work of a node since the last plausible report that changed its figures. Work is load × capacity, in Mbit/s. */
export type WorkSinceReport = {
  readonly reportedMbps: number;
  readonly reportAgeMs: number;
  /** Work of the calls since then that have not ended. Includes the calls of the other routers, which are estimated from the number of routers. */
  readonly issuedMbps: number;
};

/** The figures of a region's calls: assumed by the policy, or estimated from reports. */
export type CallFigures = {
  readonly meanCallMs: number;
  /** Work of one call. */
  readonly callMbps: number;
};

/** The load includes this number of standard deviations of the uncertain work. */
const uncertaintySigmas = 2;

/**
 * Estimates a node's current work: the reported work that has not ended, plus the work issued since the report. Calls of mean length T end at
 * random. So the part e^(−age ÷ T) of the reported work remains (Little 1961; exponential lengths).
 *
 * work = reported × e^(−age ÷ T) + issued, with age = time since the last report with changed figures
 */
export function estimateWorkMbps(
  { reportedMbps, reportAgeMs, issuedMbps }: WorkSinceReport,
  meanCallMs: number,
): number {
  return reportedMbps * Math.exp(-reportAgeMs / meanCallMs) + issuedMbps;
}

/**
 * Estimates a cautious load: the estimated work plus two standard deviations, divided by the capacity. Calls end at random (binomial) and
 * arrive at random (Poisson). The uncertainty is larger if the report is older or the node is smaller. So nodes with old reports and small nodes
 * get slightly fewer calls than their capacity suggests. This lowers the load of the busiest node of a region. See packages/simulator/figures for
 * the results.
 *
 * load = (work + 2 × √(c × (left × (1 − e^(−age ÷ T)) + issued))) ÷ capacity, with c = work of one call and left = reported × e^(−age ÷ T)
 */
export function cautiousLoad(
  { reportedMbps, reportAgeMs, issuedMbps }: WorkSinceReport,
  capacityMbps: number,
  { meanCallMs, callMbps }: CallFigures,
): number {
  const stillThere = Math.exp(-reportAgeMs / meanCallMs);
  const leftMbps = reportedMbps * stillThere;
  const varianceMbps2 = callMbps * (leftMbps * (1 - stillThere) + issuedMbps);
  return (leftMbps + issuedMbps + uncertaintySigmas * Math.sqrt(varianceMbps2)) / capacityMbps;
}

/** The part of the calls at a past time that have not ended, 0 to 1. */
export function partLeft(sinceMs: number, meanCallMs: number, nowMs: number): number {
  return Math.exp((sinceMs - nowMs) / meanCallMs);
}
