import type { SimulationResult } from '@turn-router/simulator';
import type { RootContent } from 'mdast';
import { figureTables, headingText } from '../figure-tables.ts';
import { measuredText } from '../measured-text.ts';
import type { ReportTable } from '../report-table.ts';
import { code, heading, list, markdownTable, paragraph } from './markdown-parts.ts';
import { picturesOf, type Picture } from './pictures.ts';

/** Returns the document's part for one scenario. */
export function scenarioPart(result: SimulationResult): readonly RootContent[] {
  const { scenario } = result;
  const { tables, zeroEverywhere } = figureTables(result);
  return [
    heading(2, scenario.title),
    paragraph(code(scenario.name), `: ${measuredText(scenario)}`),
    paragraph(scenario.description),
    ...tables.flatMap(tablePart),
    ...(zeroEverywhere.length === 0
      ? []
      : [paragraph(`Columns left out because they are 0 for every strategy: ${zeroEverywhere.join(', ')}.`)]),
    ...picturesOf(result).flatMap(picturePart),
  ];
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

function picturePart({ fileName, title, explanation }: Picture): readonly RootContent[] {
  return [heading(3, title), paragraph(explanation), paragraph({ type: 'image', url: fileName, alt: title })];
}

/** Returns the meanings of the columns of all tables, without duplicates. */
export function meaningsPart(results: readonly SimulationResult[]): readonly RootContent[] {
  const columns = results.flatMap((result) =>
    figureTables(result)
      .tables.slice(0, 1)
      .flatMap((table) => table.columns),
  );
  const meanings = new Map(columns.map((column) => [headingText(column.heading), column.meaning]));
  return [list([...meanings].map(([name, meaning]) => paragraph(`${name}: ${meaning}`)))];
}
