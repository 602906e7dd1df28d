import type { Heading, InlineCode, List, Paragraph, PhrasingContent, Table, TableRow, Text } from 'mdast';

export function heading(depth: 1 | 2 | 3, text: string): Heading {
  return { type: 'heading', depth, children: [textNode(text)] };
}

export function paragraph(...parts: readonly (string | PhrasingContent)[]): Paragraph {
  return { type: 'paragraph', children: parts.map((part) => (typeof part === 'string' ? textNode(part) : part)) };
}

export function list(items: readonly Paragraph[]): List {
  return {
    type: 'list',
    spread: false,
    children: items.map((item) => ({ type: 'listItem', spread: false, children: [item] })),
  };
}

export function code(value: string): InlineCode {
  return { type: 'inlineCode', value };
}

export type MarkdownColumn = {
  readonly heading: string;
  readonly align: 'left' | 'right';
};

export type MarkdownCell = string | readonly PhrasingContent[];

export function markdownTable(columns: readonly MarkdownColumn[], rows: readonly (readonly MarkdownCell[])[]): Table {
  return {
    type: 'table',
    align: columns.map(({ align }) => (align === 'left' ? null : align)),
    children: [rowOf(columns.map((column) => column.heading)), ...rows.map(rowOf)],
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

/** Removes line breaks, which a table cell cannot contain and a description does not need. */
function textNode(value: string): Text {
  return { type: 'text', value: value.replaceAll(/\s+/g, ' ') };
}
