import type { SimulationResult } from '@turn-router/simulator';

/** `All 3 claims hold.`, `1 of 3 claims does not hold.` or that there is none. */
export function verdictSummary(results: readonly SimulationResult[]): string {
  const claims = results.flatMap((result) => result.claims);
  const failed = claims.filter(({ holds }) => !holds).length;
  if (claims.length === 0) return 'No claims to judge.';
  if (failed > 0) return `${failed} of ${claims.length} claims ${failed === 1 ? 'does' : 'do'} not hold.`;
  return claims.length === 1 ? 'The claim holds.' : `All ${claims.length} claims hold.`;
}
