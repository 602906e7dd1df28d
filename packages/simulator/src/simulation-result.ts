/** Strategies that a scenario can compare. */
export const strategyNames = [
  /** The balancer that the router runs. */
  'turn-router',
  /** The node with the least reported load. */
  'least-load',
  /** A random node, in proportion to capacity. */
  'random',
  /** Smooth weighted round robin as in nginx. Each router counts separately. */
  'weighted-round-robin',
  /** The less loaded of two nodes. The two nodes are picked at random in proportion to capacity. Only reported loads are compared. */
  'two-choices',
  /** The node with the least true load at this moment. This is the best possible result. */
  'perfect-knowledge',
  /** Chooses nodes as turn-router does. While the load of a region is above 0.8, all its new calls leave. Otherwise all calls stay. */
  'cliff',
  /** Chooses nodes as turn-router does. Every call stays in its region. */
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
  /** Load of the busiest node ÷ load of every node if all work were spread evenly (Σ work ÷ Σ capacity). The figure of the worst region. */
  readonly peakToIdeal: Distribution;
  /** The largest value of: part of a region's credentials that one node got in a window of 5 s ÷ the node's part of the region's capacity. */
  readonly worstShareIn5s: number;
  /** Load by region: Σ work ÷ Σ capacity. */
  readonly regionLoad: Readonly<Record<string, Distribution & { readonly mean: number }>>;
  /** By `from → to`: part of a region's issued credentials that went to the other region, in windows of 5 s. */
  readonly spillShare: Readonly<
    Record<
      string,
      { readonly mean: number; readonly standardDeviation: number; readonly max: number; readonly largestStep: number }
    >
  >;
  /** Part of all call-seconds that was spent in a region above its capacity. */
  readonly overloadedCallShare: number;
  /** Distance to the relay minus distance to the nearest region, km. 0 if callers have no place. */
  readonly addedDistanceKm: { readonly mean: number; readonly p99: number };
  /** Figures that only some scenarios measure, by name (such as `joiner.peakToMean`). */
  readonly special: Readonly<Record<string, number>>;
};

/** Curves of one run. Each curve has as many points as `atSeconds`, at most 600. */
export type RunSeries = {
  readonly atSeconds: readonly number[];
  readonly peakToIdeal: readonly number[];
  readonly regionLoad: Readonly<Record<string, readonly number[]>>;
  readonly spillShare: Readonly<Record<string, readonly number[]>>;
  readonly addedDistanceKm: readonly number[];
  /** Part of the running calls that are in regions above their capacity. */
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
    /** One line that describes the scenario. */
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
