import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { explainName } from './explain-name.ts';
import { decimal, wholeNumber } from './setting-kinds.ts';

const upTo60 = decimal(z.number().min(0.1).max(60));

describe('decimal', () => {
  test.each([
    ['0.1', 0.1],
    ['60', 60],
    ['060.0', 60],
  ])('reads %j as %d', (text, value) => {
    expect(upTo60.parse(text)).toBe(value);
  });

  test.each(['0.09', '60.1', '', ' 5', '5s', '-5', '+5', '5.', '.5', '1e1', '0x10', 'Infinity'])(
    'rejects %j',
    (text) => {
      expect(upTo60.safeParse(text).success).toBe(false);
    },
  );
});

test.each([
  ['a'.repeat(70).concat('.b'), `Write, for example, ${'a'.repeat(63)}`],
  ['EU West 1', 'Write, for example, eu-west-1'],
  ['...', undefined],
])('explainName of %s', (text, explanation) => {
  expect(explainName(text)).toBe(explanation);
});

test.each([
  ['0', false],
  ['1', true],
  ['1.5', false],
  ['100', true],
  ['101', false],
])('wholeNumber(1, 100) accepts %s: %s', (text, isAccepted) => {
  expect(wholeNumber(1, 100).safeParse(text).success).toBe(isAccepted);
});
