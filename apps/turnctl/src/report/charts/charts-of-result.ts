import type { RunSeries, SimulationResult, StrategyResult } from '@turn-router/simulator';
import { meanOverRuns } from '../mean-over-runs.ts';
import { ratioText } from '../number-text.ts';
import type { Chart, ChartLine, ChartPanel } from './chart.ts';
import { nthLineStyle, strategyStyles } from './line-style.ts';

type ChartContents = Pick<Chart, 'name' | 'title' | 'explanation' | 'scale' | 'panels'>;

/** Returns the charts of a result. Leaves out charts whose curves are all empty or 0. */
export function chartsOfResult({ scenario, strategies }: SimulationResult): readonly Chart[] {
  const time = {
    atSeconds: strategies[0]?.series.atSeconds ?? [],
    measuredFromSecond: scenario.measuredFromSecond,
  };
  return [
    peakToIdeal(strategies, scenario.measuredFromSecond),
    regionLoad(strategies),
    spillShare(strategies),
    addedDistance(strategies),
    overloadedCalls(strategies),
  ]
    .map((contents) => ({ ...contents, panels: contents.panels.filter(hasSomething) }))
    .filter(({ panels }) => panels.length > 0)
    .map((contents) => ({ ...contents, ...time }));
}

function hasSomething({ lines }: ChartPanel): boolean {
  return lines.some(({ values }) => values.some((value) => Number.isFinite(value) && value !== 0));
}

function peakToIdeal(strategies: readonly StrategyResult[], measuredFromSecond: number): ChartContents {
  const lines = strategies.map(({ strategy, runs, series }) => ({
    name: `${strategy}, p99 ${ratioText(meanOverRuns({ runs }, (figures) => figures.peakToIdeal.p99))}`,
    style: strategyStyles[strategy],
    values: series.peakToIdeal,
  }));
  const measured = strategies.flatMap(({ series }) =>
    series.peakToIdeal.filter((_, index) => (series.atSeconds[index] ?? 0) >= measuredFromSecond),
  );
  return {
    name: 'peak-to-ideal',
    title: 'How evenly the nodes are loaded: peak ÷ ideal',
    explanation:
      'Load of the busiest node ÷ load of every node if all calls were spread evenly. 1 is perfect. At 2, the busiest node carries twice its fair part. If a scenario has several regions, the figure is that of the worst region.',
    scale: { kind: isSquashed(measured) ? 'distance-above-1' : 'ratio' },
    panels: [{ title: '', lines }],
  };
}

/** Whether high curves would press the low ones together on a linear scale. */
function isSquashed(ratios: readonly number[]): boolean {
  const sorted = ratios.filter((ratio) => Number.isFinite(ratio)).toSorted((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 1;
  return (sorted.at(-1) ?? 1) - 1 > 5 * (middle - 1) || (sorted.at(-1) ?? 1) > 1.5;
}

function regionLoad(strategies: readonly StrategyResult[]): ChartContents {
  return {
    name: 'region-load',
    title: 'How full each region is',
    explanation: 'Load of all nodes of a region ÷ their capacity. Above 100 %, the quality of calls suffers.',
    scale: { kind: 'percent' },
    panels: onePanelEach(strategies, ({ regionLoad: curves }) => curves),
  };
}

function spillShare(strategies: readonly StrategyResult[]): ChartContents {
  return {
    name: 'spill-share',
    title: 'New calls sent to another region',
    explanation:
      "Part of a region's new calls that got a relay in another region because the region was filling up. A level line means that a steady part of the calls moves. A line that jumps means that calls move back and forth in waves.",
    scale: { kind: 'percent' },
    panels: onePanelEach(strategies, ({ spillShare: curves }) => curves),
  };
}

function addedDistance(strategies: readonly StrategyResult[]): ChartContents {
  return {
    name: 'added-distance',
    title: 'Extra distance to the relay, per call',
    explanation:
      'Extra distance: the mean distance to the relay minus the distance to the nearest region. Every 100 km adds about 1 ms of round-trip time.',
    scale: { kind: 'kilometres' },
    panels: [{ title: '', lines: oneLineEach(strategies, (series) => series.addedDistanceKm) }],
  };
}

function overloadedCalls(strategies: readonly StrategyResult[]): ChartContents {
  return {
    name: 'overloaded-calls',
    title: 'Calls in overloaded regions',
    explanation:
      'Calls in overloaded regions: the part of all running calls whose region is above its capacity at that moment.',
    scale: { kind: 'percent' },
    panels: [{ title: '', lines: oneLineEach(strategies, (series) => series.overloadedCallShare) }],
  };
}

function oneLineEach(
  strategies: readonly StrategyResult[],
  curveOf: (series: RunSeries) => readonly number[],
): readonly ChartLine[] {
  return strategies.map(({ strategy, series }) => ({
    name: strategy,
    style: strategyStyles[strategy],
    values: curveOf(series),
  }));
}

/** Returns a panel for each strategy. Curves with the same name have the same style. If each strategy has only one curve, returns one panel for all. */
function onePanelEach(
  strategies: readonly StrategyResult[],
  curvesOf: (series: RunSeries) => Readonly<Record<string, readonly number[]>>,
): readonly ChartPanel[] {
  const names = [...new Set(strategies.flatMap(({ series }) => Object.keys(curvesOf(series))))].toSorted();
  const [first = ''] = names;
  if (names.length === 1)
    return [{ title: first, lines: oneLineEach(strategies, (series) => curvesOf(series)[first] ?? []) }];
  return strategies.map(({ strategy, series }) => ({
    title: strategy,
    lines: names.flatMap((name, index) => {
      const values = curvesOf(series)[name];
      return values === undefined ? [] : [{ name, style: nthLineStyle(index), values }];
    }),
  }));
}
