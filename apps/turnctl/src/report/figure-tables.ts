import type { SimulationResult, StrategyResult } from '@turn-router/simulator';
import { figureColumns, spillEdges, type FigureColumn } from './figure-columns.ts';
import { meanOverRuns } from './mean-over-runs.ts';
import { numberText, percentText } from './number-text.ts';
import type { ReportTable } from './report-table.ts';

export type FigureTables = {
  /** The table of strategies. Then, if the scenario has them, the tables of spillover between regions and of special figures. */
  readonly tables: readonly ReportTable[];
  /** Headings of the figures that have no column, because they were 0 for every strategy. */
  readonly zeroEverywhere: readonly string[];
};

/** Returns the figures of a scenario as means over its seeds. */
export function figureTables({ strategies }: SimulationResult): FigureTables {
  const columns = figureColumns(strategies);
  const shown = columns.filter((column) =>
    strategies.some((strategy) => meansOf(column, strategy).some((mean) => mean !== 0)),
  );
  const spills = spillTable(strategies);
  const tables = [
    tableOf('Strategies compared', shown, strategies),
    ...(spills === undefined ? [] : [spills]),
    ...specialTables(strategies),
  ];
  const zero = columns.filter((column) => !shown.includes(column)).map(({ heading }) => headingText(heading));
  return { tables, zeroEverywhere: zero };
}

/** Joins a heading into one line. */
export function headingText(heading: readonly string[]): string {
  return heading
    .join(' ')
    .replaceAll('÷ ', ' ÷ ')
    .replaceAll(/(?<=\.) |- /g, '');
}

/** Maximum number of rows in the table of edges. An edge is a pair of regions between which calls spill. A fleet of thirty regions has about a hundred edges. */
const edgesMax = 12;

/** The table of edges has a column per strategy, because there are more edges than strategies. */
function spillTable(strategies: readonly StrategyResult[]): ReportTable | undefined {
  const rows = spillEdges(strategies)
    .map((edge) => {
      const shares = strategies.map((strategy) => ({
        mean: meanOverRuns(strategy, ({ spillShare }) => spillShare[edge]?.mean ?? 0),
        max: meanOverRuns(strategy, ({ spillShare }) => spillShare[edge]?.max ?? 0),
      }));
      return { name: edge, shares, highest: Math.max(...shares.map(({ mean }) => mean)) };
    })
    .filter(({ highest }) => highest > 0);
  // If there is only one edge, the table of strategies has a column for it.
  if (rows.length < 2) return undefined;
  const shown = rows.toSorted((one, other) => other.highest - one.highest).slice(0, edgesMax);
  return {
    title: `Spilled from region to region${shown.length < rows.length ? `, the ${edgesMax} highest of ${rows.length}` : ''}`,
    nameHeading: 'from → to',
    columns: strategies.map(({ strategy }) => ({
      heading: [strategy],
      meaning:
        'share of the first region’s new calls that went to the second region: the mean, and the highest share in any 5 s',
    })),
    rows: shown.map(({ name, shares }) => ({ name, cells: shares.map(spillText) })),
  };
}

function spillText({ mean, max }: { readonly mean: number; readonly max: number }): string {
  return max === 0 ? '0 %' : `${percentText(mean)}, max ${(max * 100).toFixed(0)} %`;
}

function specialTables(strategies: readonly StrategyResult[]): readonly ReportTable[] {
  const names = strategies.flatMap(({ runs }) => runs.flatMap(({ figures }) => Object.keys(figures.special)));
  const columns = [...new Set(names)].map((name): FigureColumn => ({
    heading: name.split(/(?<=\.)/),
    meaning: 'measured only in this scenario; the description of the scenario explains this figure',
    figures: [({ special }) => special[name] ?? NaN],
    text: numberText,
  }));
  return columns.length === 0 ? [] : [tableOf('Measured only in this scenario', columns, strategies)];
}

function tableOf(title: string, columns: readonly FigureColumn[], strategies: readonly StrategyResult[]): ReportTable {
  const rows = strategies.map((strategy) => ({
    name: strategy.strategy,
    cells: columns.map((column) => column.text(...meansOf(column, strategy))),
  }));
  return {
    title,
    nameHeading: 'strategy',
    columns: columns.map(({ heading, meaning }) => ({ heading, meaning })),
    rows,
  };
}

function meansOf({ figures }: FigureColumn, strategy: StrategyResult): number[] {
  return figures.map((figureOf) => meanOverRuns(strategy, figureOf));
}
