import { describe, expect, test } from '@jest/globals';
import { faultsOfFile } from './faults-of-file.ts';

const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');

describe('a source file', () => {
  test.each([
    ['an error of 30 words', `throw new Error('${words(30)}');`, []],
    [
      'an error of 31 words',
      `throw new Error('${words(31)}');`,
      [`a sentence of 31 words; write at most 30: "${words(31)}"`],
    ],
    ['two sentences of 30 words', `throw new Error('${words(30)}. Word ${words(29)}.');`, []],
    ['a sentence that begins with a name', `throw new Error('${words(30)}. api-key ${words(28)}');`, []],
    ['an absence in plain words', '// Undefined if there is none.', []],
    ['a comment of 31 words', `// ${words(31)}`, []],
    [
      'a message that begins with a relative clause',
      "logger.info({ event: 'a.b' }, 'what was reported expires');",
      ['begins with "what"; begin with the subject'],
    ],
    ['a message that is a question', "throw new Error('Which region?');", []],
    ['a comment that begins with a relative clause', '/** What a node reports. */', []],
    [
      'a riddle in a message',
      "throw new Error('the entry is none');",
      ['"is none" is a riddle; write say what is missing or invalid'],
    ],
    [
      'a riddle in a comment',
      '// Callers whom nobody names.',
      ['"whom nobody" is a riddle; write name who or what is meant'],
    ],
    [
      'a riddle in a test title',
      "test('keeps it for good', () => {});",
      ['"for good" is a riddle; write "permanently"'],
    ],
    ['a riddling name', 'const isNews = true;', ['the name isNews is a riddle; use shouldLog']],
    ['a name that contains a riddling one', 'const isNewsletter = true;', []],
  ])('%s', (_name, source, problems) => {
    expect(faultsOfFile('src/example.ts', source).map(({ problem }) => problem)).toEqual(problems);
  });
});

describe('other files', () => {
  test.each([
    ['a paragraph of Markdown', 'README.md', 'Title\n\nThe node is\nnone.\n', 3],
    ['a cell of a table', 'README.md', '| a | b |\n| --- | --- |\n| x | is none |\n', 3],
    ['a comment in YAML', 'policy.yaml', 'a: 1\n\n## The node is\n## none.\nb: 2\n', 3],
    ['a comment in a Dockerfile', 'app/Dockerfile', 'FROM x\n# The node is none.\n', 2],
  ])('%s', (_name, path, content, line) => {
    expect(faultsOfFile(path, content)).toEqual([expect.objectContaining({ line })]);
  });

  test.each([
    ['a code block', 'README.md', '```\nis none\n```\n'],
    ['an inline value in YAML', 'policy.yaml', 'a: is none\n'],
    ['a file of data', 'data.json', '{"a": "is none"}'],
  ])('ignores %s', (_name, path, content) => {
    expect(faultsOfFile(path, content)).toEqual([]);
  });
});
