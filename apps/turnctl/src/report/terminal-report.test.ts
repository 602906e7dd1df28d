import { describe, expect, test } from '@jest/globals';
import { paintFor } from '../terminal.ts';
import { calmResult, failedClaim, holdingClaim, spillingResult } from './simulation-result.fixture.ts';
import { terminalReport } from './terminal-report.ts';

const plain = paintFor({ isTTY: false, write: () => {} });
const coloured = paintFor({ isTTY: true, hasColors: () => true, write: () => {} });
const escape = String.fromCharCode(27);

describe('a report in a terminal', () => {
  test('is a table with the results of the claims, and shows by how much a figure misses its limit', () => {
    expect(terminalReport(calmResult({ claims: [holdingClaim, failedClaim] }), { paint: plain, width: 80 }))
      .toBe(`base: Ten unequal nodes at 70 % load
10 min measured; seeds 1, 2; each figure is the mean over the seeds

             peak÷  peak÷  peak÷
             ideal  ideal  ideal    most
strategy       p50    p99    max  in 5 s
turn-router  1.020  1.038  1.051    1.18
least-load   1.600  2.090  2.310    1.18
columns left out because they are 0 for every strategy: refused, added km, overloaded

Claims for turn-router
✓  peakToIdeal.p99  1.038  at most 1.045  seeds 1.036–1.04
✗  worstShareIn5s    1.18  at most 1.1    7.3 % above; seeds 1.16–1.2
`);
  });

  test.each([
    [80, 80],
    [120, 120],
  ])('with %d columns has no longer line', (width, longest) => {
    const lines = terminalReport(spillingResult(), { paint: plain, width }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(longest);
  });

  test('has wider gaps if they fit', () => {
    expect(terminalReport(spillingResult(), { paint: plain, width: 120 })).toContain('turn-router   1.020  1.038');
    expect(terminalReport(spillingResult(), { paint: plain, width: 60 })).toContain('turn-router  1.020 1.038');
  });

  test('has colours only on a terminal that supports them', () => {
    expect(terminalReport(calmResult(), { paint: plain, width: 80 })).not.toContain(escape);
    expect(terminalReport(calmResult(), { paint: coloured, width: 80 })).toContain(`${escape}[32m✓`);
  });
});
