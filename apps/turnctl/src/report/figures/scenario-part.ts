import type { SimulationResult } from '@turn-router/simulator';
import type { RootContent } from 'mdast';
import { chartsOfResult } from '../charts/charts-of-result.ts';
import type { Chart } from '../charts/chart.ts';
import { figureTables, headingText } from '../figure-tables.ts';
import { measuredText } from '../measured-text.ts';
import type { ReportTable } from '../report-table.ts';
import { code, heading, list, paragraph } from './markdown-parts.ts';
import { markdownTable } from './markdown-table.ts';

/** What the document says of one scenario. */
export function scenarioPart(result: SimulationResult): readonly RootContent[] {
  const { scenario } = result;
  const { tables, zeroEverywhere } = figureTables(result);
  return [
    heading(2, scenario.title),
    paragraph(code(scenario.name), `: ${measuredText(scenario)}`),
    paragraph(scenario.description),
    ...tables.flatMap(tablePart),
    ...(zeroEverywhere.length === 0 ? [] : [paragraph(`0 for every strategy: ${zeroEverywhere.join(', ')}.`)]),
    ...chartsOfResult(result).flatMap((chart) => chartPart(chart, pictureName(scenario.name, chart))),
  ];
}

/** The file beside the document. */
export function pictureName(scenarioName: string, chart: Pick<Chart, 'name'>): string {
  return `${scenarioName}-${chart.name}.svg`;
}

function tablePart({ title, nameHeading, columns, rows }: ReportTable): readonly RootContent[] {
  const headings = columns.map((column) => headingText(column.heading));
  return [
    heading(3, title),
    markdownTable(
      [
        { heading: nameHeading, align: 'left' },
        ...headings.map((text) => ({ heading: text, align: 'right' as const })),
      ],
      rows.map(({ name, cells }) => [name, ...cells]),
    ),
  ];
}

function chartPart(chart: Chart, picture: string): readonly RootContent[] {
  return [
    heading(3, chart.title),
    paragraph(chart.explanation),
    paragraph({ type: 'image', url: picture, alt: chart.title }),
  ];
}

/** What the columns of all tables mean, each said once. */
export function meaningsPart(results: readonly SimulationResult[]): readonly RootContent[] {
  const columns = results.flatMap((result) =>
    figureTables(result)
      .tables.slice(0, 1)
      .flatMap((table) => table.columns),
  );
  const meanings = new Map(columns.map((column) => [headingText(column.heading), column.meaning]));
  return [list([...meanings].map(([name, meaning]) => paragraph(`${name}: ${meaning}`)))];
}
