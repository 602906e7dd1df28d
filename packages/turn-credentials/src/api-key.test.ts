import { describe, expect, test } from '@jest/globals';
import { apiKeyId, containsApiKey, formatApiKey, hashApiKey, isAmongHashes, looksLikeApiKey } from './api-key.ts';

const key = formatApiKey('web-1', Buffer.alloc(32, 7));

describe('an API key', () => {
  test('has the form tr_<id>_<secret>, and is stored as its SHA-256', () => {
    expect(key).toBe('tr_web-1_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc');
    expect(apiKeyId(key)).toBe('web-1');
    // printf %s tr_web-1_Bwc… | sha256sum
    expect(hashApiKey(key).toString('hex')).toBe('ab1bfe52b38ce0a37fd07651f00b012d370e99806a7db9426b445f8712f1b54f');
  });

  test('keeps its id if the secret begins or ends with "_" or "-"', () => {
    for (const byte of [0xff, 0xfb]) expect(apiKeyId(formatApiKey('a', Buffer.alloc(32, byte)))).toBe('a');
  });

  test.each([
    '',
    'tr_',
    'tr_web',
    'tr_web_short',
    `tr__${'A'.repeat(43)}`,
    `tr_Web_${'A'.repeat(43)}`,
    `tr_-a_${'A'.repeat(43)}`,
    `tr_${'a'.repeat(64)}_${'A'.repeat(43)}`,
    `tr_web_${'A'.repeat(44)}`,
    `tr_web_${'A'.repeat(42)}=`,
    `tr_web_${'A'.repeat(43)}\n`,
    `TR_web_${'A'.repeat(43)}`,
  ])('cannot be %j', (text) => {
    expect(apiKeyId(text)).toBeUndefined();
  });

  test('is recognised by its prefix', () => {
    expect([looksLikeApiKey('tr_'), looksLikeApiKey('eyJhbGciOiJub25lIn0.e30.')]).toEqual([true, false]);
  });
});

test.each([
  ['a key', key, true],
  ['a key in JSON', JSON.stringify({ key }), true],
  ['a hash', hashApiKey(key).toString('hex'), false],
  ['a shortened key', key.slice(0, -1), false],
])('%s: containsApiKey', (_, text, expected) => {
  expect(containsApiKey(text)).toBe(expected);
});

describe('isAmongHashes', () => {
  const a = hashApiKey('a');
  const b = hashApiKey('b');
  const c = hashApiKey('c');
  test.each([
    ['the first hash', a, [a, b], true],
    ['the last hash', b, [a, b], true],
    ['an unknown hash', c, [a, b], false],
    ['a hash in an empty list', c, [], false],
  ])('checks for %s', (_, hash, known, expected) => {
    expect(isAmongHashes(hash, known)).toBe(expected);
  });
});
