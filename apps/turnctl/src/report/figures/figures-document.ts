import type { SimulationResult } from '@turn-router/simulator';
import type { Root, RootContent } from 'mdast';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import { toMarkdown } from 'mdast-util-to-markdown';
import { claimsTable } from '../claims-table.ts';
import { introduction, introductionTitle, strategyMeanings } from '../introduction.ts';
import { verdictSummary } from '../claim-text.ts';
import { code, heading, list, markdownTable, paragraph } from './markdown-parts.ts';
import { drawPicture, picturesOf } from './pictures.ts';
import { meaningsPart, scenarioPart } from './scenario-part.ts';

type NamedText = { readonly name: string; readonly text: string };

/**
 * Returns README.md in oxfmt's format, and the pictures in it.
 *
 * @param command - the command that produces the same figures
 */
export function figuresDocument(results: readonly SimulationResult[], command: string): readonly NamedText[] {
  const root: Root = { type: 'root', children: [...openingPart(results, command), ...results.flatMap(scenarioPart)] };
  const extensions = [gfmTableToMarkdown()];
  const text = toMarkdown(root, { bullet: '-', emphasis: '_', extensions });
  const pictures = results.flatMap(picturesOf).map((picture) => ({
    name: picture.fileName,
    text: `${drawPicture(picture)}\n`,
  }));
  return [{ name: 'README.md', text }, ...pictures];
}

function openingPart(results: readonly SimulationResult[], command: string): readonly RootContent[] {
  const strategies = [...new Set(results.flatMap((result) => result.strategies.map(({ strategy }) => strategy)))];
  return [
    heading(1, introductionTitle),
    ...introduction.map((text) => paragraph(text)),
    paragraph(
      'The following command produces the same figures on any machine. With the option ',
      code('--figures FOLDER'),
      ' the command writes this document.',
    ),
    { type: 'code', lang: 'sh', value: command },
    heading(2, 'Claims'),
    paragraph(verdictSummary(results)),
    claimsOverview(results),
    heading(2, 'Strategies'),
    list(strategies.map((strategy) => paragraph(`${strategy}: ${strategyMeanings[strategy]}`))),
    heading(2, 'Columns'),
    ...meaningsPart(results),
  ];
}

function claimsOverview(results: readonly SimulationResult[]): RootContent {
  const headings = ['scenario', 'seeds', 'figure', 'limit', 'mean', 'by seed', 'result'];
  const rows = results.flatMap(({ scenario, claims }) =>
    claimsTable(claims).rows.map(({ name, cells }) => [
      [code(scenario.name)],
      scenario.seeds.join(', '),
      name,
      ...cells,
    ]),
  );
  return markdownTable(
    headings.map((text) => ({ heading: text, align: text === 'mean' ? 'right' : 'left' })),
    rows,
  );
}
