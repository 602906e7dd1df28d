/** Strategies that a scenario can compare. */
export const strategyNames = [
  /** The balancer that the router runs. */
  'turn-router',
  /** The node with the least reported load. */
  'least-load',
  /** A random node, in proportion to capacity. */
  'random',
  /** Smooth weighted round robin (nginx), separate in each replica. */
  'weighted-round-robin',
  /** The less loaded of two nodes drawn in proportion to capacity, by reported load alone. */
  'two-choices',
  /** The least loaded node by true current loads: the best possible result. */
  'perfect-knowledge',
  /** turn-router's choice of nodes; all new calls leave a region while its load is above 0.8, and none leave below. */
  'cliff',
  /** turn-router's choice of nodes; no call ever leaves its region. */
  'no-spillover',
] as const;
export type StrategyName = (typeof strategyNames)[number];

/** Quantiles over the measured time, sampled at a fixed interval. */
export type Distribution = { readonly p50: number; readonly p99: number; readonly max: number };

/** The figures of one strategy in one scenario with one seed. */
export type RunFigures = {
  /** Calls that began. */
  readonly calls: number;
  /** Requests that got no relay. */
  readonly refused: number;
  /** Load of the busiest node ÷ load of evenly spread work (Σ work ÷ Σ capacity), in the worst region. */
  readonly peakToIdeal: Distribution;
  /** Largest share of a region's credentials that one node got in a window of 5 s ÷ the node's share of the region's capacity. */
  readonly worstShareIn5s: number;
  /** Load by region: Σ work ÷ Σ capacity. */
  readonly regionLoad: Readonly<Record<string, Distribution & { readonly mean: number }>>;
  /** By `from → to`: share of a region's issued credentials that went to the other region, in windows of 5 s. */
  readonly spillShare: Readonly<
    Record<
      string,
      { readonly mean: number; readonly standardDeviation: number; readonly max: number; readonly largestStep: number }
    >
  >;
  /** Share of all call-seconds spent in a region above its capacity. */
  readonly overloadedCallShare: number;
  /** Distance to the relay minus distance to the nearest region, km; 0 without places. */
  readonly addedDistanceKm: { readonly mean: number; readonly p99: number };
  /** Figures that only some scenarios measure, by name (such as `joiner.peakToMean`). */
  readonly special: Readonly<Record<string, number>>;
};

/** Curves of one run with at most 600 points each; all have the length of `atSeconds`. */
export type RunSeries = {
  readonly atSeconds: readonly number[];
  readonly peakToIdeal: readonly number[];
  readonly regionLoad: Readonly<Record<string, readonly number[]>>;
  readonly spillShare: Readonly<Record<string, readonly number[]>>;
  readonly addedDistanceKm: readonly number[];
  /** Share of the running calls that are in regions above capacity. */
  readonly overloadedCallShare: readonly number[];
};

export type StrategyResult = {
  readonly strategy: StrategyName;
  /** One for each seed, in the scenario's order. */
  readonly runs: readonly { readonly seed: number; readonly figures: RunFigures }[];
  /** Curves of the first seed. */
  readonly series: RunSeries;
};

/** A limit that the scenario sets for a figure of turn-router, and the result. */
export type ClaimResult = {
  /** Path of the figure, such as `peakToIdeal.p99`. */
  readonly figure: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Mean over the seeds. */
  readonly mean: number;
  /** One value per seed. */
  readonly bySeed: readonly number[];
  readonly holds: boolean;
};

export type SimulationResult = {
  readonly scenario: {
    readonly name: string;
    /** One line that says what this scenario shows. */
    readonly title: string;
    /** One paragraph for readers of the reports. */
    readonly description: string;
    readonly seeds: readonly number[];
    readonly durationSeconds: number;
    readonly measuredFromSecond: number;
  };
  readonly strategies: readonly StrategyResult[];
  readonly claims: readonly ClaimResult[];
};
