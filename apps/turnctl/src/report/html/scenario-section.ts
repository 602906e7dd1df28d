import type { SimulationResult } from '@turn-router/simulator';
import type { Element } from 'hast';
import { h } from 'hastscript';
import { chartsOfResult } from '../charts/charts-of-result.ts';
import type { Chart } from '../charts/chart.ts';
import { variablePalette } from '../charts/palette.ts';
import { renderChart } from '../charts/render-chart.ts';
import { claimsTable } from '../claims-table.ts';
import { figureTables } from '../figure-tables.ts';
import { measuredText } from '../measured-text.ts';
import { rawHtml } from './raw-html.ts';
import { tableElements } from './table-element.ts';

/** Returns the page's section for one scenario. */
export function scenarioSection(result: SimulationResult): Element {
  const { scenario, claims } = result;
  const { tables, zeroEverywhere } = figureTables(result);
  return h('section', { id: scenario.name }, [
    h('h2', scenario.title),
    h('p.soft', [h('code', scenario.name), ` · ${measuredText(scenario)}`]),
    h('p', scenario.description),
    ...(claims.length === 0 ? [h('p', 'No claims.')] : tableElements(claimsTable(claims), 'words')),
    ...tables.flatMap((table) => tableElements(table)),
    ...(zeroEverywhere.length === 0
      ? []
      : [h('p.soft', `Columns left out because they are 0 for every strategy: ${zeroEverywhere.join(', ')}.`)]),
    ...chartsOfResult(result).map((chart) => chartElement(chart, `${scenario.name}-${chart.name}`)),
  ]);
}

function chartElement(chart: Chart, id: string): Element {
  return h('figure', [
    h('h3', chart.title),
    h('figcaption', chart.explanation),
    h('div.wide', { role: 'img', ariaLabel: chart.title }, [
      // ECharts escapes the names in its output.
      rawHtml(renderChart(chart, variablePalette, id)),
    ]),
  ]);
}
