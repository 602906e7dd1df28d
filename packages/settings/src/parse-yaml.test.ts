import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { parsePolicy } from './parse-policy.ts';
import { parseYaml } from './parse-yaml.ts';

const region = 'defaultRegion: a\nregions: {a: {location: [1, 2]}}\n';
const faultsOf = (text: string) => {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.faults.map(({ line, field, detail }) => `${line}: ${field}: ${detail}`);
};
const linesOf = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('a file with many faults', () => {
  test.each<[string, string, string]>([
    ['unknown fields', region + linesOf(10_000, (index) => `k${index}: 1`), '3: k0: Unknown field'],
    ['repeated keys', region + linesOf(10_001, () => 'overload: serve'), '4: : Map keys must be unique'],
    [
      'unknown regions',
      `${region}residency:\n  - countries: [GB]\n    stayIn:\n      - a\n${linesOf(10_000, () => '      - b')}`,
      '7: residency[0].stayIn[1]: Unknown region "b": expected one of a',
    ],
  ])('lists 50 of 10 000 %s and counts the others', (_, text, first) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(51);
    expect(faults[0]).toBe(first);
    expect(faults[50]).toMatch(/^\d+: : and 9950 more faults$/);
  });

  test('lists 50 faults without a count', () => {
    expect(faultsOf(region + linesOf(50, (index) => `k${index}: 1`))).toHaveLength(50);
  });

  test('shortens a name of any length', () => {
    const [fault] = faultsOf(`${region}${'k'.repeat(100_000)}: 1`);
    expect(fault?.length).toBeLessThan(400);
  });

  test.each([
    [
      'regions',
      linesOf(1_001, (index) => `  r${index}: {location: [1, 2]}`),
      'regions: Too many: expected at most 1000 regions',
    ],
    [
      'prefixes',
      `  a: {location: [1, 2]}\nplacement:\n  prefixes:\n${linesOf(5_001, (index) => `    10.${index >> 8}.${index & 255}.0/24: a`)}`,
      'placement.prefixes: Too many: expected at most 5000 prefixes',
    ],
  ])('refuses too many %s', (_, text, fault) => {
    expect(faultsOf(`defaultRegion: a\nregions:\n${text}`)).toContainEqual(expect.stringContaining(fault));
  });

  test('lists at most 20 of the expected regions', () => {
    const regions = linesOf(1_000, (index) => `  r${index}: {location: [1, 2]}`);
    expect(faultsOf(`defaultRegion: b\nregions:\n${regions}`)[0]).toMatch(/expected one of r0, .*, r19 and 980 more$/);
  });
});

describe('nested lists and maps', () => {
  const anything = z.unknown();
  const tooDeep = 'Nested too deeply: expected at most 64 levels';
  test.each([
    ['open lists', '['.repeat(100_000)],
    ['open maps', '{a: '.repeat(100_000)],
    ['closed lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['lists in one line', '- '.repeat(100_000)],
    ['complex keys', '? '.repeat(100_000)],
    ['indented maps', linesOf(1_000, (index) => `${' '.repeat(index)}a:`)],
  ])('are refused as too deep for %s', (_, text) => {
    expect(parseYaml(text, anything)).toMatchObject({ ok: false, faults: [{ detail: tooDeep }] });
  });

  test.each([
    ['deep lists', '['.repeat(40) + ']'.repeat(40)],
    ['brackets in a text', `a: "${'['.repeat(1_000)}"`],
    ['brackets in a comment', `a: 1 # ${'['.repeat(1_000)}`],
    ['brackets in a block', `a: |\n  ${'['.repeat(1_000)}\n`],
  ])('are accepted for %s', (_, text) => {
    expect(parseYaml(text, anything).ok).toBe(true);
  });
});

test('a second document is refused', () => {
  expect(parseYaml('a: 1\n---\nb: 1\n', z.unknown())).toEqual({
    ok: false,
    faults: [{ line: 2, field: '', detail: 'Second document: expected one YAML document in the file' }],
  });
  expect(parseYaml('---\na: 1\n...\n', z.unknown())).toEqual({ ok: true, value: { a: 1 } });
});
