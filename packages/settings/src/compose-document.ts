import { Composer, Lexer, Parser, type Document, type LineCounter } from 'yaml';

/** Maximum depth of lists and maps in each other. The documents of this project need less than ten. */
const depthMax = 64;

export type ComposedDocument =
  | { readonly ok: true; readonly document: Document.Parsed }
  | { readonly ok: false; readonly offset: number; readonly detail: string };

/**
 * Parses a text that contains one YAML document. It stops at the first list or map that is nested too deeply, because the YAML library needs stack
 * for each level. The library's own check of repeated keys is off, because its time grows with the square of their number.
 */
export function composeDocument(text: string, lines: LineCounter): ComposedDocument {
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  const parser = new Parser(lines.addNewLine);
  // The first line starts at 0. The parser adds the others.
  lines.addNewLine(0);
  const documents: Document.Parsed[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    if (parser.stack.length > depthMax) {
      return { ok: false, offset: parser.offset, detail: `Nested too deeply: expected at most ${depthMax} levels` };
    }
    if (documents.length > 1) break;
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  const [document, second] = documents;
  if (document === undefined) return { ok: false, offset: 0, detail: 'Missing document: expected one YAML document' };
  return second === undefined
    ? { ok: true, document }
    : { ok: false, offset: second.range[0], detail: 'Second document: expected one YAML document in the file' };
}
