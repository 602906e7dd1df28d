import type { ClaimResult, RunFigures, SimulationResult, StrategyName, StrategyResult } from '@turn-router/simulator';

export const calmFigures: RunFigures = {
  calls: 10_000,
  refused: 0,
  peakToIdeal: { p50: 1.02, p99: 1.038, max: 1.051 },
  worstShareIn5s: 1.18,
  regionLoad: { 'eu-central-1': { mean: 0.7, p50: 0.7, p99: 0.73, max: 0.74 } },
  spillShare: {},
  overloadedCallShare: 0,
  addedDistanceKm: { mean: 0, p99: 0 },
  special: {},
};

export const holdingClaim: ClaimResult = {
  figure: 'peakToIdeal.p99',
  atMost: 1.045,
  mean: 1.038,
  bySeed: [1.036, 1.04],
  holds: true,
};

export const failedClaim: ClaimResult = {
  figure: 'worstShareIn5s',
  atMost: 1.1,
  mean: 1.18,
  bySeed: [1.16, 1.2],
  holds: false,
};

/** Two seeds with the same figures, and curves of four points. */
export function strategyResult(
  strategy: StrategyName,
  figures: Partial<RunFigures> = {},
  series: Partial<StrategyResult['series']> = {},
): StrategyResult {
  const all = { ...calmFigures, ...figures };
  return {
    strategy,
    runs: [1, 2].map((seed) => ({ seed, figures: all })),
    series: {
      atSeconds: [0, 300, 600, 900],
      peakToIdeal: [1.3, 1.02, 1.03, 1.04],
      regionLoad: { 'eu-central-1': [0.1, 0.7, 0.7, 0.7] },
      spillShare: {},
      addedDistanceKm: [0, 0, 0, 0],
      overloadedCallShare: [0, 0, 0, 0],
      ...series,
    },
  };
}

const spilling = {
  figures: {
    spillShare: { 'eu-central-1 → us-east-1': { mean: 0.25, standardDeviation: 0.041, max: 0.4, largestStep: 0.06 } },
    addedDistanceKm: { mean: 1520, p99: 6200 },
  },
  series: { spillShare: { 'eu-central-1 → us-east-1': [0, 0.2, 0.25, 0.3] }, addedDistanceKm: [0, 1200, 1500, 1800] },
};

/** One region, in which turn-router is steady and least-load swings. */
export function calmResult(
  changes: { claims?: readonly ClaimResult[]; name?: string; description?: string } = {},
): SimulationResult {
  const { claims = [holdingClaim], name = 'base', description = 'Ten nodes of unequal size.' } = changes;
  const swinging = { p50: 1.6, p99: 2.09, max: 2.31 };
  return {
    scenario: {
      name,
      title: 'Ten unequal nodes at 70 % load',
      description,
      seeds: [1, 2],
      durationSeconds: 900,
      measuredFromSecond: 300,
    },
    strategies: [
      strategyResult('turn-router'),
      strategyResult('least-load', { peakToIdeal: swinging }, { peakToIdeal: [1.5, 1.9, 2.1, 1.7] }),
    ],
    claims,
  };
}

/** A region whose calls go to another region with one strategy, and stay with the other. */
export function spillingResult(): SimulationResult {
  const calm = calmResult({ name: 'spill' });
  return {
    ...calm,
    strategies: [
      strategyResult('turn-router', spilling.figures, spilling.series),
      strategyResult(
        'no-spillover',
        { overloadedCallShare: 0.62, refused: 250 },
        { overloadedCallShare: [0, 0.5, 1, 1] },
      ),
    ],
  };
}
