import { open, rename, writeFile } from 'node:fs/promises';

/** A file that must not be used as a policy, and how to write it. */
export type HostileFile = { readonly name: string; readonly write: (path: string) => Promise<void> };

const mebibyte = 1_048_576;

const fill = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

/** One file for each way of being too much: in faults, in depth, in references, in size, and in a size that must not be read. */
const few = new Set([
  '60 000 unknown keys',
  '100 000 open lists',
  '1 MiB of aliases',
  '10 MB of spaces after a valid policy',
  '100 MB of one character',
]);

/** @param valid a valid policy, to which faults are added */
export function hostileFiles(valid: string, which: 'few' | 'all'): readonly HostileFile[] {
  const texts: readonly (readonly [string, string])[] = [
    ['10 000 unknown keys', `${valid}\n${lines(10_000, (index) => `k${index}: 1`)}`],
    ['60 000 unknown keys', `${valid}\n${lines(60_000, (index) => `k${index}: 1`)}`],
    ['one key again and again', `${valid}\n${fill('overload: serve\n', mebibyte / 2)}`],
    ['100 000 open lists', '['.repeat(100_000)],
    ['100 000 open maps', '{a: '.repeat(100_000)],
    ['100 000 nested items', '- '.repeat(100_000)],
    ['1 MiB of closed lists', fill('],', mebibyte)],
    ['1 MiB of items', fill('- x\n', mebibyte)],
    ['1 MiB of numbers', `a: [${fill('1,', mebibyte - 10)}1]`],
    ['1 MiB of tags', fill('! ', mebibyte)],
    ['1 MiB of anchors', fill('&a ', mebibyte)],
    ['1 MiB of aliases', `b: &a x\na:\n${fill('- *a\n', mebibyte - 100)}`],
    ['1 MiB of empty lines', fill('\n', mebibyte)],
    ['1 MiB of one key', fill('k', mebibyte - 3) + ': 1'],
    ['1 MiB of zeros', fill('\0', mebibyte)],
    [
      '60 000 regions',
      `defaultRegion: a\nregions:\n${lines(60_000, (index) => ` r${index}: {location: [1, 2]}`).slice(0, mebibyte - 100)}`,
    ],
    ['10 MB of spaces after a valid policy', valid + fill(' \n', 10_000_000)],
    ['100 MB of one character', fill('x', 100_000_000)],
  ];
  return texts
    .filter(([name]) => which === 'all' || few.has(name))
    .map(([name, text]) => ({ name, write: (path) => putInPlace(path, text) }));
}

/** Replaces a file as a careful tool does: a reader sees the whole old text or the whole new text. */
export async function putWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

/** Writes over a file as a careless tool does. */
async function putInPlace(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(text);
}
