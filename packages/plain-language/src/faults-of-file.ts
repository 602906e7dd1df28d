import { faultsOfText } from './faults-of-text.ts';
import { lineNumbersOf } from './line-numbers.ts';
import { riddlingNames } from './riddles.ts';
import type { Text } from './text.ts';
import { textsOfHashComments } from './texts-of-hash-comments.ts';
import { textsOfMarkdown } from './texts-of-markdown.ts';
import { textsOfSource } from './texts-of-source.ts';

/** A place that is hard to read. */
export type Fault = { readonly line: number; readonly problem: string };

/**
 * Returns every text of a file that a person may read, by the kind of the file. A file of another kind has no texts.
 *
 * @throws {Error} when a source file cannot be parsed
 */
export function textsOfFile(path: string, content: string): Text[] {
  if (/\.(?:ts|mjs|js)$/.test(path)) return textsOfSource(path, content);
  if (path.endsWith('.md')) return textsOfMarkdown(content);
  if (/(?:\.ya?ml|Dockerfile)$/.test(path)) return textsOfHashComments(content);
  return [];
}

/**
 * Returns what is hard to read in a file.
 *
 * @throws {Error} when a source file cannot be parsed
 */
export function faultsOfFile(path: string, content: string): Fault[] {
  const inTexts = textsOfFile(path, content).flatMap((text) =>
    faultsOfText(text).map((problem) => ({ line: text.line, problem })),
  );
  return [...inTexts, ...riddlingNamesIn(content)];
}

function riddlingNamesIn(content: string): Fault[] {
  const lineAt = lineNumbersOf(content);
  return [...content.matchAll(/[A-Za-z_]\w*/g)].flatMap(({ 0: name, index }) => {
    const successor = riddlingNames.get(name);
    return successor === undefined
      ? []
      : [{ line: lineAt(index), problem: `the name ${name} is a riddle; use ${successor}` }];
  });
}
