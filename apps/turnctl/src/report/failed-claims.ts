import type { SimulationResult } from '@turn-router/simulator';
import { limitText, missText } from './claim-text.ts';
import { figureText } from './number-text.ts';

/** One line for each claim that does not hold: `base: peakToIdeal.p99 is 1.1, at most 1.045: 5.3 % above`. */
export function failedClaims(results: readonly SimulationResult[]): readonly string[] {
  return results.flatMap(({ scenario, claims }) =>
    claims
      .filter(({ holds }) => !holds)
      .map((claim) => {
        const { figure, mean } = claim;
        return `${scenario.name}: ${figure} is ${figureText(mean)}, claimed is ${limitText(claim)}: ${missText(claim) ?? ''}`;
      }),
  );
}
