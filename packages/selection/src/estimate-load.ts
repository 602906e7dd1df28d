/** The known work of a node since its last plausible report. Work is load × capacity, in Mbit/s. */
export type WorkSinceReport = {
  readonly reportedMbps: number;
  readonly reportAgeMs: number;
  /** Work of the calls issued since then that has not ended, by this router and (estimated from the number of replicas) its peers. */
  readonly issuedMbps: number;
};

/** The assumed or learnt figures of a region's calls. */
export type CallFigures = {
  readonly meanCallMs: number;
  /** Work of one call. */
  readonly callMbps: number;
};

/** Standard deviations of the uncertain work that count as work. */
const uncertaintySigmas = 2;

/**
 * Estimates a node's current work: the reported work that has not ended, and the work issued since. Calls of mean length T end at random, so
 * the share e^(−age ÷ T) of the reported work remains (Little 1961; exponential lengths).
 *
 * work = reported × e^(−age ÷ T) + issued, with age = time since the report
 */
export function estimateWorkMbps(
  { reportedMbps, reportAgeMs, issuedMbps }: WorkSinceReport,
  meanCallMs: number,
): number {
  return reportedMbps * Math.exp(-reportAgeMs / meanCallMs) + issuedMbps;
}

/**
 * Estimates a cautious load: the estimated work plus two standard deviations, divided by the capacity. Calls end at random (binomial) and
 * arrive at random (Poisson). The uncertain part is larger for an older report and a smaller node. Such nodes get a little less than their
 * share, which lowers the load of the worst node of a region. packages/simulator/figures has the results.
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
