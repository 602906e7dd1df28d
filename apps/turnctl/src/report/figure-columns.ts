import type { RunFigures, StrategyResult } from '@turn-router/simulator';
import { meanOverRuns } from './mean-over-runs.ts';
import { numberText, percentText, ratioText } from './number-text.ts';
import type { ReportColumn } from './report-table.ts';

export type FigureColumn = ReportColumn & {
  /** The figures that are averaged over the seeds. */
  readonly figures: readonly ((figures: RunFigures) => number)[];
  /** Formats the averages. */
  readonly text: (...means: number[]) => string;
};

const peakColumns: readonly FigureColumn[] = [
  {
    heading: ['peak÷', 'ideal', 'p50'],
    meaning:
      'load of the busiest node ÷ load that every node would have with an even spread; median over time; 1 is perfect',
    figures: [({ peakToIdeal }) => peakToIdeal.p50],
    text: ratioText,
  },
  {
    heading: ['peak÷', 'ideal', 'p99'],
    meaning: 'the same ratio; 99 % of the time the ratio is at or below this figure',
    figures: [({ peakToIdeal }) => peakToIdeal.p99],
    text: ratioText,
  },
  {
    heading: ['peak÷', 'ideal', 'max'],
    meaning: 'the same ratio at its worst moment',
    figures: [({ peakToIdeal }) => peakToIdeal.max],
    text: ratioText,
  },
  {
    heading: ['most', 'in 5 s'],
    meaning:
      'largest number of new calls that one node got within 5 s ÷ the number that it should get by its capacity. 1 is perfect. A high figure means that many calls went to one node at once',
    figures: [({ worstShareIn5s }) => worstShareIn5s],
    text: numberText,
  },
  {
    heading: ['refused'],
    meaning: 'requests that got no relay; less is better',
    figures: [({ refused, calls }) => (refused === 0 ? 0 : refused / (refused + calls))],
    text: percentText,
  },
];

const regionColumns: readonly FigureColumn[] = [
  {
    heading: ['added', 'km'],
    meaning: 'mean distance to the relay minus the distance to the nearest region; less is better',
    figures: [({ addedDistanceKm }) => addedDistanceKm.mean],
    text: (km) => (Number.isFinite(km) ? km.toFixed(0) : '–'),
  },
  {
    heading: ['over-', 'loaded'],
    meaning: 'part of the total duration of all calls that was spent in a region above its capacity; less is better',
    figures: [({ overloadedCallShare }) => overloadedCallShare],
    text: percentText,
  },
];

/** Returns the columns of the table that compares strategies. */
export function figureColumns(strategies: readonly StrategyResult[]): readonly FigureColumn[] {
  const edge = busiestEdge(strategies);
  return edge === undefined
    ? [...peakColumns, ...regionColumns]
    : [...peakColumns, spilledColumn(edge), ...regionColumns];
}

/** Returns every `from → to` that a strategy used, sorted. */
export function spillEdges(strategies: readonly StrategyResult[]): readonly string[] {
  const edges = strategies.flatMap(({ runs }) => runs.flatMap(({ figures }) => Object.keys(figures.spillShare)));
  return [...new Set(edges)].toSorted();
}

function spilledColumn(edge: string): FigureColumn {
  return {
    heading: ['spilled', '± sd'],
    meaning: `part of a region's new calls that went to another region (${edge}), ± the standard deviation of this part over time; a small deviation means that the part is steady`,
    figures: [meanShareOf(edge), ({ spillShare }) => spillShare[edge]?.standardDeviation ?? 0],
    text: (mean, deviation) =>
      mean === 0 ? '0 %' : `${percentText(mean ?? NaN).replace(' %', '')} ±${((deviation ?? NaN) * 100).toFixed(1)} %`,
  };
}

function busiestEdge(strategies: readonly StrategyResult[]): string | undefined {
  const spilled = (edge: string) =>
    Math.max(...strategies.map((strategy) => meanOverRuns(strategy, meanShareOf(edge))));
  return spillEdges(strategies).reduce<string | undefined>(
    (busiest, edge) => (busiest === undefined || spilled(edge) > spilled(busiest) ? edge : busiest),
    undefined,
  );
}

function meanShareOf(edge: string): (figures: RunFigures) => number {
  return ({ spillShare }) => spillShare[edge]?.mean ?? 0;
}
