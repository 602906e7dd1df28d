import type { Node } from 'oxc-parser';
import { lineNumbersOf } from './line-numbers.ts';
import { parseSource, walk } from './syntax-tree.ts';

/** A call of a logger in the source. */
export type LogCall = {
  /** Counted from 1. */
  readonly line: number;
  readonly level: string;
  /** The literal names in the field `event`; two where a condition chooses; none when the call has no literal event. */
  readonly events: readonly string[];
};

/** Matches the called function of a log call, with the level as its group. */
export const logCall = /(?:\b[lL]|[a-z]L)og(?:ger)?(?:For\([^)]*\))?\??\.(fatal|error|warn|info|debug)$/;

/**
 * Returns every call of a logger in a source file, in its order.
 *
 * @throws {Error} when the source cannot be parsed
 */
export function logCallsOf(path: string, source: string): LogCall[] {
  const lineAt = lineNumbersOf(source);
  const calls: LogCall[] = [];
  walk(parseSource(path, source).program, (node) => {
    if (node.type !== 'CallExpression') return;
    const [, level] = logCall.exec(source.slice(node.callee.start, node.callee.end)) ?? [];
    if (level !== undefined) calls.push({ line: lineAt(node.start), level, events: eventsIn(node.arguments[0]) });
  });
  return calls;
}

function eventsIn(fields: Node | undefined): string[] {
  if (fields?.type !== 'ObjectExpression') return [];
  return fields.properties.flatMap((property) =>
    property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === 'event'
      ? literalsIn(property.value)
      : [],
  );
}

function literalsIn(value: Node): string[] {
  if (value.type === 'Literal') return typeof value.value === 'string' ? [value.value] : [];
  return value.type === 'ConditionalExpression' ? [value.consequent, value.alternate].flatMap(literalsIn) : [];
}
