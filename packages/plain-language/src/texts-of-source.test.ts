import { describe, expect, test } from '@jest/globals';
import { textsOfSource } from './texts-of-source.ts';

describe('texts of a source file', () => {
  test.each([
    ['a log message', "logger.warn({ event: 'a.b' }, 'registry unreachable');", 'message', 'registry unreachable'],
    ['an error', "throw new RangeError('expected a port');", 'message', 'expected a port'],
    ['a description of a schema', "z.string().describe('Name of a region.');", 'message', 'Name of a region.'],
    ['a field that is shown', "const problem = { title: 'Not found' };", 'message', 'Not found'],
    ['a test title', "test('rejects an empty name', () => {});", 'test title', 'rejects an empty name'],
    ['the title of a table of tests', "test.each([1])('accepts %s', () => {});", 'test title', 'accepts %s'],
    ['any other string', "const greeting = 'hello there';", 'string', 'hello there'],
    ['a template', 'throw new Error(`port ${port} is in use`);', 'message', 'port … is in use'],
    ['a sum of strings', "throw new Error('port ' + port + ' is in use');", 'message', 'port … is in use'],
    ['a doc comment', '/**\n * Reads a file.\n * Never throws.\n */', 'comment', 'Reads a file. Never throws.'],
    ['a run of line comments', '// Reads a file.\n// Never throws.\n', 'comment', 'Reads a file. Never throws.'],
  ])('%s', (_name, source, kind, words) => {
    expect(textsOfSource('example.ts', source)).toContainEqual(expect.objectContaining({ kind, words }));
  });

  test('names the line at which a text begins', () => {
    expect(textsOfSource('example.ts', "\n\nconst greeting =\n  'hello there';\n")).toEqual([
      { kind: 'string', line: 4, words: 'hello there' },
    ]);
  });

  test('keeps a comment behind code apart from the comment below it', () => {
    const texts = textsOfSource('example.ts', 'const a = 1; // Seconds.\n// Reads a file.\n');
    expect(texts.map(({ words }) => words)).toEqual(['Seconds.', 'Reads a file.']);
  });

  test('names the file that cannot be parsed', () => {
    expect(() => textsOfSource('broken.ts', 'const = ;')).toThrow(/^broken\.ts: /);
  });
});
