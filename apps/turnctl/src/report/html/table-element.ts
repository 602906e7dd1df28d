import type { Element } from 'hast';
import { h } from 'hastscript';
import { headingText } from '../figure-tables.ts';
import type { ReportColumn, ReportRow, ReportTable } from '../report-table.ts';

/** Returns a table of figures or words, and the meanings of its columns. */
export function tableElements(table: ReportTable, kind: 'figures' | 'words' = 'figures'): readonly Element[] {
  const { title, nameHeading, columns, rows } = table;
  const headings = [nameHeading, ...columns.map(({ heading }) => headingText(heading))];
  return [
    h('h3', title),
    h('div.wide', [
      h('table', { className: kind === 'words' ? ['words'] : [] }, [
        h('thead', [
          h(
            'tr',
            headings.map((text) => h('th', { scope: 'col' }, text)),
          ),
        ]),
        h('tbody', rows.map(rowElement)),
      ]),
    ]),
    meaningsElement(columns),
  ];
}

function rowElement({ name, cells, tone }: ReportRow): Element {
  const last = cells.length - 1;
  return h('tr', { className: name === 'turn-router' ? ['ours'] : [] }, [
    h('th', { scope: 'row' }, name),
    ...cells.map((text, index) => h('td', { className: index === last && tone !== undefined ? [tone] : [] }, text)),
  ]);
}

/** Lists the meanings of the columns. If all columns have the same meaning, returns one line. */
function meaningsElement(columns: readonly ReportColumn[]): Element {
  const meanings = new Set(columns.map(({ meaning }) => meaning));
  const [only] = meanings;
  if (meanings.size === 1 && columns.length > 1 && only !== undefined) return h('p.soft', `Each figure: ${only}.`);
  return h(
    'dl',
    columns.flatMap(({ heading, meaning }) => [h('dt', headingText(heading)), h('dd', meaning)]),
  );
}
