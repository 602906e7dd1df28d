import type { ClaimResult } from '@turn-router/simulator';
import { limitText, missText } from './claim-text.ts';
import { figureName } from './figure-name.ts';
import { figureText } from './number-text.ts';
import type { ReportTable } from './report-table.ts';

export function claimsTable(claims: readonly ClaimResult[]): ReportTable {
  return {
    title: 'Claims for turn-router',
    nameHeading: 'figure',
    columns: [
      { heading: ['claimed'], meaning: 'the limit that the scenario sets' },
      { heading: ['mean'], meaning: 'of all seeds' },
      { heading: ['by seed'], meaning: 'each seed’s own figure, in the order of the seeds' },
      { heading: ['verdict'], meaning: 'whether the mean keeps the limit, and by how much it misses it' },
    ],
    rows: claims.map((claim) => ({
      name: figureName(claim.figure),
      cells: [limitText(claim), figureText(claim.mean), claim.bySeed.map(figureText).join(', '), verdictText(claim)],
      tone: claim.holds ? 'good' : 'bad',
    })),
  };
}

function verdictText(claim: ClaimResult): string {
  return claim.holds ? '✓ holds' : `✗ does not hold: ${missText(claim) ?? ''}`;
}
