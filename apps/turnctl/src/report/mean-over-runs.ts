import type { RunFigures, StrategyResult } from '@turn-router/simulator';

/** The mean over the seeds of one figure; NaN when any seed lacks it. */
export function meanOverRuns(
  { runs }: Pick<StrategyResult, 'runs'>,
  figureOf: (figures: RunFigures) => number,
): number {
  return runs.reduce((sum, { figures }) => sum + figureOf(figures), 0) / runs.length;
}
