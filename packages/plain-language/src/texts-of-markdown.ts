import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { toString } from 'mdast-util-to-string';
import { gfmTable } from 'micromark-extension-gfm-table';
import { joinLines, type Text } from './text.ts';

/** Returns the prose of a Markdown file: headings, paragraphs and cells of tables, without code blocks. */
export function textsOfMarkdown(markdown: string): Text[] {
  const root = fromMarkdown(markdown, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });
  return proseOf(root);
}

function proseOf(node: Nodes): Text[] {
  if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell') {
    const words = joinLines(toString(node, { includeHtml: false }));
    return words === '' ? [] : [{ kind: 'prose', line: node.position?.start.line ?? 1, words }];
  }
  return 'children' in node ? node.children.flatMap(proseOf) : [];
}
