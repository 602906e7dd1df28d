import { describe, expect, test } from '@jest/globals';
import { createDataSection } from './data-section.ts';

/** @param hex the encoded value `x` in the record `{a: x}` */
function check(hex: string): void {
  createDataSection(Buffer.from(`e14161${hex.replaceAll(' ', '')}`, 'hex'), 'data section').checkRecord(0);
}

describe('a data section', () => {
  test.each([
    ['a map of a string', 'e1 41 61 41 62'],
    ['an empty map', 'e0'],
    ['an array of a boolean and a uint64', '02 04 01 07 01 02 05'],
    ['a double', '68 0000000000000000'],
    ['a string of 29 bytes', `5d00 ${'61'.repeat(29)}`],
    ['a string of 285 bytes', `5e0000 ${'61'.repeat(285)}`],
    ['a string of 65821 bytes', `5f000000 ${'61'.repeat(65_821)}`],
    ['a map whose key is a pointer', 'e2 41 62 41 62 2001 41 63'],
  ])('accepts %s', (_, hex) => {
    expect(() => check(hex)).not.toThrow();
  });

  test.each([
    ['nothing', '', 'is truncated or damaged: a value reaches beyond the end of its data section'],
    ['a string cut off', '42 61', 'is truncated or damaged: a value reaches beyond the end of its data section'],
    ['a map cut off', 'e2 41 61 41 62', 'is truncated or damaged: a value reaches beyond the end of its data section'],
    ['a size cut off', '5e 00', 'is truncated or damaged: a value reaches beyond the end of its data section'],
    ['a pointer to its end', '20 05', 'is truncated or damaged: a value reaches beyond the end of its data section'],
    [
      'a far pointer of 3 bytes',
      '30 000000',
      'is truncated or damaged: a value reaches beyond the end of its data section',
    ],
    [
      'a far pointer of 4 bytes',
      '38 ffffffff',
      'is truncated or damaged: a value reaches beyond the end of its data section',
    ],
    ['a pointer to itself', '20 03', 'is cyclic: a value of its data section contains itself'],
    ['its own record', '20 00', 'is cyclic: a value of its data section contains itself'],
    ['a map within itself', 'e1 41 61 20 03', 'is cyclic: a value of its data section contains itself'],
    [
      'a double of 5 bytes',
      '65 0000000000',
      'has a value of type 3 and the impossible length of 5 bytes in its data section',
    ],
    [
      'an integer of 5 bytes',
      'c5 0000000000',
      'has a value of type 6 and the impossible length of 5 bytes in its data section',
    ],
    ['an unknown type', '00 09', 'has a value of the unknown type 16 in its data section'],
    ['a map in the form of an extended type', '01 00', 'has a value of the unknown type 0 in its data section'],
    [
      'arrays in arrays without end',
      '01 04'.repeat(70),
      'has a value in its data section that is nested deeper than 64 levels',
    ],
    [
      'a list of 16 million',
      `1f 04 ffffff ${'e0'.repeat(20_000)}`,
      'has a value in its data section that expands to more than 10000 values',
    ],
  ])('rejects %s', (_, hex, fault) => {
    expect(() => check(hex)).toThrow(fault);
  });

  test('rejects a record that is not a map', () => {
    const section = createDataSection(Buffer.from('4161', 'hex'), 'data section');
    expect(() => section.checkRecord(0)).toThrow('has a record that is not a map in its data section');
  });

  test('rejects pointers to pointers that expand without bound', () => {
    // Each map contains the previous one twice: 2^20 values from 182 bytes.
    const maps = Array.from({ length: 20 }, (_, i) => {
      const before = i === 0 ? '4161' : `20${(2 + (i - 1) * 9).toString(16).padStart(2, '0')}`;
      return `e2 41 61 ${before} 41 62 ${before}`;
    });
    const bytes = Buffer.from(`4061${maps.join('')}`.replaceAll(' ', ''), 'hex');
    expect(bytes).toHaveLength(182);
    expect(() => createDataSection(bytes, 'data section').checkRecord(173)).toThrow(
      'has a value in its data section that expands to more than 10000 values',
    );
  });
});
