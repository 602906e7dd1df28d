import { mean } from 'd3-array';
import { figureAt } from './figure-at.ts';
import type { Scenario } from './scenario/scenario.ts';
import type { ClaimResult, StrategyResult } from './simulation-result.ts';

/** Checks each claim against the mean over the seeds. */
export function claimResults(claims: Scenario['claims'], { runs }: StrategyResult): ClaimResult[] {
  return claims.map(({ figure, atMost, atLeast }) => {
    const bySeed = runs.map(({ figures }) => figureAt(figures, figure) ?? Number.NaN);
    const overSeeds = mean(bySeed) ?? Number.NaN;
    return {
      figure,
      ...(atMost === undefined ? {} : { atMost }),
      ...(atLeast === undefined ? {} : { atLeast }),
      mean: overSeeds,
      bySeed,
      holds: overSeeds <= (atMost ?? Number.POSITIVE_INFINITY) && overSeeds >= (atLeast ?? Number.NEGATIVE_INFINITY),
    };
  });
}
