import type { Comment, Node, TemplateLiteral } from 'oxc-parser';
import { lineNumbersOf } from './line-numbers.ts';
import { logCall } from './log-calls.ts';
import { parseSource, walk } from './syntax-tree.ts';
import { joinLines, type Text } from './text.ts';

/** A part of the source whose strings are all of one kind. Offsets are in UTF-16 code units. */
type Area = { readonly kind: Text['kind']; readonly start: number; readonly end: number };

/** Methods of zod and of commander whose strings are shown to a person. */
const describingCall = /\.(?:describe|description|option|requiredOption|argument)$/;

/** Names of fields whose strings are shown to a person. */
const shownFields = /^(?:detail|title|summary|description|meaning|remedy|message|help|expected)$/;

const testCall = /^(?:test|it|describe)\b/;

/** Stands for an expression in a template: at run time it is at least one word. */
const placeholder = '…';

/**
 * Returns every text of a TypeScript or JavaScript file that a person may read: messages, test titles, comments, and all other strings.
 *
 * @param path decides how the source is parsed
 * @throws {Error} when the source cannot be parsed
 */
export function textsOfSource(path: string, source: string): Text[] {
  const { program, comments } = parseSource(path, source);
  const lineAt = lineNumbersOf(source);
  const areas: Area[] = [];
  const strings: { readonly words: string; readonly start: number; readonly end: number }[] = [];

  function mark(kind: Text['kind'], nodes: readonly { readonly start: number; readonly end: number }[]): void {
    areas.push(...nodes.map(({ start, end }) => ({ kind, start, end })));
  }
  function take(node: Node): void {
    const words = wordsOf(node);
    const { start, end } = node;
    // The parts of a sum are visited again after it.
    const isTaken = strings.some((taken) => taken.start <= start && end <= taken.end);
    if (words !== undefined && !isTaken) strings.push({ words, start, end });
  }

  function see(node: Node): void {
    take(node);
    if (node.type === 'CallExpression') {
      const called = source.slice(node.callee.start, node.callee.end);
      if (testCall.test(called)) mark('test title', node.arguments.slice(0, 1));
      else if (logCall.test(called) || describingCall.test(called)) mark('message', node.arguments);
    } else if (node.type === 'NewExpression') {
      if (node.callee.type === 'Identifier' && node.callee.name.endsWith('Error')) mark('message', node.arguments);
    } else if (node.type === 'Property') {
      if (node.key.type === 'Identifier' && shownFields.test(node.key.name)) mark('message', [node.value]);
    }
  }
  walk(program, see);

  const kindOf = ({ start, end }: { readonly start: number; readonly end: number }): Text['kind'] =>
    areas.findLast((area) => area.start <= start && end <= area.end)?.kind ?? 'string';
  return [
    ...strings.map((string) => ({ kind: kindOf(string), line: lineAt(string.start), words: string.words })),
    ...textsOfComments(comments, source, lineAt),
  ].toSorted((one, other) => one.line - other.line);
}

/** The words of a string, of a template, and of a sum of them; undefined for anything else. */
function wordsOf(node: Node): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? joinLines(node.value) : undefined;
  if (node.type === 'TemplateLiteral') return joinLines(textOfTemplate(node));
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined;
  const left = wordsOf(node.left);
  const right = wordsOf(node.right);
  if (left === undefined && right === undefined) return undefined;
  return joinLines(`${left ?? placeholder} ${right ?? placeholder}`);
}

function textOfTemplate({ quasis }: TemplateLiteral): string {
  return quasis.map(({ value }) => value.cooked ?? value.raw).join(placeholder);
}

/** One text for each block comment, and for each run of line comments on lines of their own. */
function textsOfComments(comments: readonly Comment[], source: string, lineAt: (offset: number) => number): Text[] {
  const texts: { line: number; lastLine: number; words: string; mayGoOn: boolean }[] = [];
  for (const { type, value, start, end } of comments) {
    const isBlock = type === 'Block';
    const words = joinLines(isBlock ? value.replaceAll(/^\s*\*+/gm, ' ') : value);
    const line = lineAt(start);
    const last = texts.at(-1);
    const isAlone = source.slice(source.lastIndexOf('\n', start - 1) + 1, start).trim() === '';
    const mayGoOn = !isBlock && isAlone;
    if (last?.mayGoOn === true && mayGoOn && last.lastLine === line - 1) {
      last.words = `${last.words} ${words}`;
      last.lastLine = line;
    } else texts.push({ line, lastLine: lineAt(end), words, mayGoOn });
  }
  return texts.map(({ line, words }) => ({ kind: 'comment', line, words }));
}
