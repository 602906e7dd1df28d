import type { ClaimResult, SimulationResult } from '@turn-router/simulator';
import Table from 'cli-table3';
import type { Paint } from '../terminal.ts';
import { limitText, missText, seedsText } from './claim-text.ts';
import { figureTables } from './figure-tables.ts';
import { durationText, figureText } from './number-text.ts';
import type { ReportTable } from './report-table.ts';

export type TerminalReportOptions = {
  readonly paint: Paint;
  /** Line width, characters. */
  readonly width: number;
};

/** Returns a scenario's figures and claims as text. */
export function terminalReport(result: SimulationResult, { paint, width }: TerminalReportOptions): string {
  const { scenario, claims } = result;
  const { tables, zeroEverywhere } = figureTables(result);
  const measured = durationText(scenario.durationSeconds - scenario.measuredFromSecond);
  const parts = [
    `${paint('bold', scenario.name)}: ${scenario.title}`,
    paint('dim', `${measured} measured; seeds ${scenario.seeds.join(', ')}; each figure is the mean over the seeds`),
    ...tables.flatMap((table, at) => [at === 0 ? '' : `\n${table.title}`, tableText(table, paint, width)]),
    ...(zeroEverywhere.length === 0
      ? []
      : [paint('dim', `columns left out because they are 0 for every strategy: ${zeroEverywhere.join(', ')}`)]),
    '',
    claims.length === 0 ? 'No claims.' : claimLines(claims, paint),
  ];
  return `${parts.join('\n')}\n`;
}

const noLines = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right', 'middle'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
  ),
);

/** Draws a table with two spaces between columns, or with one if two do not fit. */
function tableText(table: ReportTable, paint: Paint, width: number): string {
  const wide = drawTable(table, paint, 2);
  const isTooWide = longestLine(drawTable(table, (_, text) => text, 2)) > width;
  return isTooWide ? drawTable(table, paint, 1) : wide;
}

function drawTable({ nameHeading, columns, rows }: ReportTable, paint: Paint, gap: number): string {
  const drawn = new Table({
    chars: { ...noLines, middle: ' '.repeat(gap) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: ['left', ...columns.map(() => 'right' as const)],
  });
  const deepest = Math.max(...columns.map(({ heading }) => heading.length));
  const headings = columns.map(({ heading }) => [...Array<string>(deepest - heading.length).fill(''), ...heading]);
  for (let line = 0; line < deepest; line += 1) {
    const isLast = line === deepest - 1;
    drawn.push(
      [isLast ? nameHeading : '', ...headings.map((heading) => heading[line] ?? '')].map((text) => paint('dim', text)),
    );
  }
  for (const { name, cells } of rows) {
    const isOurs = name === 'turn-router';
    drawn.push([name, ...cells].map((text) => (isOurs ? paint('bold', text) : text)));
  }
  return drawn.toString().replaceAll(/ +$/gm, '');
}

function longestLine(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

function claimLines(claims: readonly ClaimResult[], paint: Paint): string {
  const drawn = new Table({
    chars: { ...noLines, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: ['left', 'left', 'right', 'left', 'left'],
  });
  for (const claim of claims) {
    const miss = missText(claim);
    const notes = [miss, seedsText(claim)].filter((note) => note !== undefined).join('; ');
    const mark = claim.holds ? paint('green', '✓') : paint('red', '✗');
    drawn.push([
      mark,
      claim.figure,
      figureText(claim.mean),
      limitText(claim),
      miss === undefined ? notes : paint('red', notes),
    ]);
  }
  return `Claims for turn-router\n${drawn.toString().replaceAll(/ +$/gm, '')}`;
}
