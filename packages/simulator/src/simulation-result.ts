/** Ways to balance that a scenario can compare. */
export const strategyNames = [
  /** The balancer that the router runs. */
  'turn-router',
  /** The node with the least reported load. */
  'least-load',
  /** At random, in proportion to capacity. */
  'random',
  /** Smooth weighted round robin (nginx), each replica its own. */
  'weighted-round-robin',
  /** Two choices in proportion to capacity by reported load alone. */
  'two-choices',
  /** The least loaded node by what each carries at this very moment: the limit. */
  'perfect-knowledge',
  /** turn-router's choice of nodes; a region's calls all leave while it is above 0.8 and all return below. */
  'cliff',
  /** turn-router's choice of nodes; no call ever leaves its region. */
  'no-spillover',
] as const;
export type StrategyName = (typeof strategyNames)[number];

/** Over the measured time, sampled at a fixed step. */
export type Distribution = { readonly p50: number; readonly p99: number; readonly max: number };

/** What one strategy made of one scenario with one seed. */
export type RunFigures = {
  /** Calls that began, and requests that got no relay. */
  readonly calls: number;
  readonly refused: number;
  /** Utilisation of the busiest node ÷ utilisation if all load were spread evenly (Σ load ÷ Σ capacity), in the region where that is worst. */
  readonly peakToIdeal: Distribution;
  /** The most that a node got of the credentials issued in any window of 5 s ÷ its part of the region's capacity. */
  readonly worstShareIn5s: number;
  /** By region: Σ load ÷ Σ capacity. */
  readonly regionLoad: Readonly<Record<string, Distribution & { readonly mean: number }>>;
  /** By `from → to`: part of a region's issued credentials that went to the other, in windows of 5 s. */
  readonly spillShare: Readonly<
    Record<
      string,
      { readonly mean: number; readonly standardDeviation: number; readonly max: number; readonly largestStep: number }
    >
  >;
  /** Σ over regions of the time above capacity, weighted by the calls in them: the part of all call-seconds spent in an overloaded region. */
  readonly overloadedCallShare: number;
  /** How much farther than the nearest region the relays of calls were, km; 0 without places. */
  readonly addedDistanceKm: { readonly mean: number; readonly p99: number };
  /** Figures that only some scenarios measure, by name (such as `joiner.peakToMean`). */
  readonly special: Readonly<Record<string, number>>;
};

/** Curves of one run, of at most 600 points each; all as long as `atSeconds`. */
export type RunSeries = {
  readonly atSeconds: readonly number[];
  readonly peakToIdeal: readonly number[];
  readonly regionLoad: Readonly<Record<string, readonly number[]>>;
  readonly spillShare: Readonly<Record<string, readonly number[]>>;
  readonly addedDistanceKm: readonly number[];
  /** Part of the calls in regions above capacity at that moment. */
  readonly overloadedCallShare: readonly number[];
};

export type StrategyResult = {
  readonly strategy: StrategyName;
  /** One for each seed, in the scenario's order. */
  readonly runs: readonly { readonly seed: number; readonly figures: RunFigures }[];
  /** Of the first seed. */
  readonly series: RunSeries;
};

/** A figure that the scenario says must hold for turn-router, and whether it did. */
export type ClaimResult = {
  /** Path of the figure, such as `peakToIdeal.p99`. */
  readonly figure: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Mean over the seeds, and each seed's own. */
  readonly mean: number;
  readonly bySeed: readonly number[];
  readonly holds: boolean;
};

export type SimulationResult = {
  readonly scenario: {
    readonly name: string;
    /** One line: what this scenario shows. */
    readonly title: string;
    /** A paragraph for people. */
    readonly description: string;
    readonly seeds: readonly number[];
    readonly durationSeconds: number;
    readonly measuredFromSecond: number;
  };
  readonly strategies: readonly StrategyResult[];
  readonly claims: readonly ClaimResult[];
};
