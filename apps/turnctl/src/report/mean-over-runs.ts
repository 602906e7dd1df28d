import type { RunFigures, StrategyResult } from '@turn-router/simulator';

/** Returns the mean of one figure over the seeds. NaN if a seed lacks the figure. */
export function meanOverRuns(
  { runs }: Pick<StrategyResult, 'runs'>,
  figureOf: (figures: RunFigures) => number,
): number {
  return runs.reduce((sum, { figures }) => sum + figureOf(figures), 0) / runs.length;
}
