import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLineSplitter } from './line-splitter.ts';

function split(text: string, { chunkBytes = 1024, maxBytes = 1024 }) {
  const bytes = Buffer.from(text);
  const splitter = createLineSplitter(maxBytes);
  const lines: (string | undefined)[] = [];
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    lines.push(...splitter.split(bytes.subarray(start, start + chunkBytes)));
  }
  return { lines, isWithinLine: splitter.isWithinLine() };
}

describe('the line splitter', () => {
  test('returns the same lines wherever the chunks are cut, also within a character', () => {
    const anyText = fc.array(fc.constantFrom('a', '\n', 'é', '😀', '\r', '\u2028')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 9 }), (text, chunkBytes) => {
        const lines = text.split('\n');
        const rest = lines.pop();
        expect(split(text, { chunkBytes })).toEqual({ lines, isWithinLine: rest !== '' });
      }),
    );
  });

  test.each([1, 3, 64])('rejects only the line over its limit, in chunks of %d bytes', (chunkBytes) => {
    const text = `${'a'.repeat(7)}\n${'b'.repeat(8)}\n${'c'.repeat(9)}\n${'d'.repeat(50)}\ne\n`;
    const lines = ['a'.repeat(7), 'b'.repeat(8), undefined, undefined, 'e'];
    expect(split(text, { chunkBytes, maxBytes: 8 })).toEqual({ lines, isWithinLine: false });
  });

  test('counts bytes, not characters', () => {
    expect(split('éé\n', { maxBytes: 3 }).lines).toEqual([undefined]);
    expect(split('éé\n', { maxBytes: 4 }).lines).toEqual(['éé']);
  });
});
