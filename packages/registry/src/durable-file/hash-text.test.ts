import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseHashText, textFromHash } from './hash-text.ts';

const anyName = fc.string({ unit: 'binary' }).filter((name) => name !== '#');
const anyHash = fc
  .dictionary(anyName, fc.string({ unit: 'binary' }))
  .map((entries) => new Map(Object.entries(entries)));

describe('the text of a hash', () => {
  test('returns every hash and its sequence number', () => {
    fc.assert(
      fc.property(anyHash, fc.nat(1_000), (hash, sequence) => {
        expect(parseHashText(textFromHash(hash, sequence))).toEqual({ ok: true, hash, sequence });
      }),
    );
  });

  test('is a JSON object that an earlier release can read, too', () => {
    expect(JSON.parse(textFromHash(new Map([['user:alice', '{}']]), 7))).toEqual({
      'user:alice': '{}',
      '#': expect.stringMatching(/^7 [0-9a-f]{64}$/),
    });
  });

  test.each([
    ['with a closing mark', textFromHash(new Map([['user:alice', '{"at_ms":1}']]), 7)],
    ['of an earlier release', '{"user:alice":"{\\"at_ms\\":1}"}'],
    ['of an earlier release, empty', '{}'],
  ])('is detected as damaged at every length: a text %s', (_, text) => {
    expect(parseHashText(text).ok).toBe(true);
    const lengths = Array.from({ length: text.length }, (_each, length) => length);
    expect(lengths.filter((length) => parseHashText(text.slice(0, length)).ok)).toEqual([]);
    expect(parseHashText(`${text}}`).ok).toBe(false);
  });

  test('is detected as damaged if any byte of the content has changed', () => {
    const text = textFromHash(new Map([['user:alice', '{"at_ms":1}']]), 7);
    const end = text.indexOf('"#"');
    const positions = Array.from({ length: end }, (_each, position) => position);
    const changed = positions.map((at) => `${text.slice(0, at)}~${text.slice(at + 1)}`);
    expect(changed.filter((each) => parseHashText(each).ok)).toEqual([]);
  });

  test.each<[string, string]>([
    ['a list', '[]'],
    ['a word', '"x"'],
    ['null', 'null'],
    ['a number as an entry', '{"a":1}'],
    ['another closing mark', '{"a":"b","#":"7"}'],
    ['the mark of another text', textFromHash(new Map([['a', 'b']]), 7).replace('"b"', '"c"')],
    ['zeros', '\0'.repeat(64)],
    ['nothing', ''],
  ])('must not be %s', (_, text) => {
    expect(parseHashText(text)).toMatchObject({ ok: false, fault: { code: 'truncated' } });
  });
});
