import type { ClaimResult } from '@turn-router/simulator';
import { limitText, missText } from './claim-text.ts';
import { figureText } from './number-text.ts';
import type { ReportTable } from './report-table.ts';

export function claimsTable(claims: readonly ClaimResult[]): ReportTable {
  return {
    title: 'Claims for turn-router',
    nameHeading: 'figure',
    columns: [
      { heading: ['limit'], meaning: 'the limit that the scenario sets' },
      { heading: ['mean'], meaning: 'the mean over all seeds' },
      { heading: ['by seed'], meaning: 'the figure of each seed, in the order of the seeds' },
      { heading: ['result'], meaning: 'whether the mean is within the limit; if not, by how much it misses the limit' },
    ],
    rows: claims.map((claim) => ({
      name: figureName(claim.figure),
      cells: [limitText(claim), figureText(claim.mean), claim.bySeed.map(figureText).join(', '), verdictText(claim)],
      tone: claim.holds ? 'good' : 'bad',
    })),
  };
}

function verdictText(claim: ClaimResult): string {
  return claim.holds ? '✓ met' : `✗ not met: ${missText(claim) ?? ''}`;
}

const names: readonly [path: RegExp, name: string][] = [
  [/^calls$/, 'calls'],
  [/^refused$/, 'requests that got no relay'],
  [/^peakToIdeal\.(.+)$/, 'peak ÷ ideal, $1'],
  [/^worstShareIn5s$/, 'most calls to one node within 5 s ÷ its fair part'],
  [/^regionLoad\.(.+)\.(\w+)$/, 'load of $1, $2'],
  [/^spillShare\.(.+)\.mean$/, 'spilled $1, mean'],
  [/^spillShare\.(.+)\.standardDeviation$/, 'spilled $1, standard deviation'],
  [/^spillShare\.(.+)\.max$/, 'spilled $1, max'],
  [/^spillShare\.(.+)\.largestStep$/, 'spilled $1, largest step'],
  [/^overloadedCallShare$/, 'part of call time in overloaded regions'],
  [/^addedDistanceKm\.(.+)$/, 'added distance in km, $1'],
  [/^special\.(.+)$/, '$1'],
];

/** Returns a figure's path in words: `peakToIdeal.p99` becomes `peak ÷ ideal, p99`. Unknown paths stay unchanged. */
function figureName(path: string): string {
  const found = names.find(([pattern]) => pattern.test(path));
  return found === undefined ? path : path.replace(...found);
}
