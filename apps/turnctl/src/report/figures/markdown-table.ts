import type { PhrasingContent, Table, TableRow } from 'mdast';

export type MarkdownColumn = {
  readonly heading: string;
  readonly align: 'left' | 'right';
};

export type MarkdownCell = string | readonly PhrasingContent[];

export function markdownTable(columns: readonly MarkdownColumn[], rows: readonly (readonly MarkdownCell[])[]): Table {
  return {
    type: 'table',
    align: columns.map(({ align }) => (align === 'left' ? null : align)),
    children: [rowOf(columns.map(({ heading }) => heading)), ...rows.map(rowOf)],
  };
}

function rowOf(cells: readonly MarkdownCell[]): TableRow {
  return {
    type: 'tableRow',
    children: cells.map((cell) => ({
      type: 'tableCell',
      children: typeof cell === 'string' ? [{ type: 'text', value: cell }] : [...cell],
    })),
  };
}
