import type { ClaimResult, SimulationResult } from '@turn-router/simulator';
import { figureText } from './number-text.ts';

/** Returns the limit of a claim: `at most 1.045`. */
export function limitText({ atLeast, atMost }: ClaimResult): string {
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${figureText(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${figureText(atMost)}`]),
  ];
  return limits.join(', ');
}

/** Returns by how much the figure misses the limit: `5.3 % above`. If the limit is 0, returns the difference. Undefined if the claim is met. */
export function missText({ holds, mean, atLeast, atMost }: ClaimResult): string | undefined {
  if (holds) return undefined;
  if (atMost !== undefined && mean > atMost) return `${distanceText(mean, atMost)} above`;
  if (atLeast !== undefined && mean < atLeast) return `${distanceText(mean, atLeast)} below`;
  // The mean is within the limits or not measured, so the claim failed because of single seeds.
  return Number.isFinite(mean) ? 'not with every seed' : 'not measured';
}

/** Returns the range over the seeds: `seeds 1.031–1.042`. Undefined for a single seed. */
export function seedsText({ bySeed }: ClaimResult): string | undefined {
  if (bySeed.length < 2) return undefined;
  return `seeds ${figureText(Math.min(...bySeed))}–${figureText(Math.max(...bySeed))}`;
}

/** Returns a line for each claim that is not met: `base: peakToIdeal.p99 is 1.1, expected at most 1.045: 5.3 % above`. */
export function failedClaims(results: readonly SimulationResult[]): readonly string[] {
  return results.flatMap(({ scenario, claims }) =>
    claims
      .filter(({ holds }) => !holds)
      .map((claim) => {
        const { figure, mean } = claim;
        return `${scenario.name}: ${figure} is ${figureText(mean)}, expected ${limitText(claim)}: ${missText(claim) ?? ''}`;
      }),
  );
}

/** Returns `All 3 claims are met.`, `1 of 3 claims is not met.` or `No claims.` */
export function verdictSummary(results: readonly SimulationResult[]): string {
  const claims = results.flatMap((result) => result.claims);
  const failed = claims.filter(({ holds }) => !holds).length;
  if (claims.length === 0) return 'No claims.';
  if (failed > 0) return `${failed} of ${claims.length} claims ${failed === 1 ? 'is' : 'are'} not met.`;
  return claims.length === 1 ? 'The claim is met.' : `All ${claims.length} claims are met.`;
}

function distanceText(value: number, limit: number): string {
  const distance = Math.abs(value - limit);
  return limit === 0 ? figureText(distance) : `${Number(((distance / Math.abs(limit)) * 100).toPrecision(2))} %`;
}
