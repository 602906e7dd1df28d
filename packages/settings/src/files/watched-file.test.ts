import { mkdir, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { readTextFile } from './read-text-file.ts';
import { watchedFile } from './watched-file.ts';

let directory: TemporaryDirectory;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory('watched');
  path = join(directory.path, 'file');
});
afterEach(async () => directory[Symbol.asyncDispose]());

/** At this time every file of these tests has just changed. */
const justNow = () => 0;
const noWait = () => Promise.resolve();
const neverWait = () => Promise.reject(new Error('no wait expected'));

/** Looks at the file after each act. Returns the numbers of the looks that took the file, from 1. */
async function takenAt(acts: readonly (() => Promise<unknown>)[], answer = (_take: number) => true): Promise<number[]> {
  const file = watchedFile(path, { nowMs: justNow });
  const taken: number[] = [];
  for (const [index, act] of acts.entries()) {
    await act();
    await file.lookAndTake(() => {
      taken.push(index + 1);
      return Promise.resolve(answer(taken.length));
    });
  }
  return taken;
}

const write = (text: string) => () => writeFile(path, text);
const nothing = () => Promise.resolve();

describe('a watched file', () => {
  test.each<[string, (() => Promise<unknown>)[], number[]]>([
    ['when it stands still, once', [write('a'), nothing, nothing, nothing], [2]],
    ['not while it grows', [write('a'), write('ab'), write('abc'), nothing], [4]],
    ['not while it is cut', [write('abc'), () => truncate(path, 1), nothing], [3]],
    ['again after a change', [write('a'), nothing, write('b'), nothing], [2, 4]],
    [
      'again after a change of the same length with an old time',
      [write('a'), nothing, async () => (await writeFile(path, 'b'), utimes(path, 1, 1)), nothing],
      [2, 4],
    ],
    [
      'again when it is gone, and when it is back',
      [write('a'), nothing, () => rm(path), nothing, write('a'), nothing],
      [2, 4, 6],
    ],
    [
      'again after a rename over it',
      [write('a'), nothing, async () => (await writeFile(`${path}.new`, 'a'), rename(`${path}.new`, path)), nothing],
      [2, 4],
    ],
  ])('is taken %s', async (_, acts, expected) => {
    expect(await takenAt(acts)).toEqual(expected);
  });

  test('is taken after a symbolic link to its folder was swapped, as in Kubernetes', async () => {
    await mkdir(join(directory.path, 'v1'));
    await mkdir(join(directory.path, 'v2'));
    await writeFile(join(directory.path, 'v1/file'), 'a');
    await writeFile(join(directory.path, 'v2/file'), 'a');
    await symlink('v1', join(directory.path, 'data'));
    path = join(directory.path, 'data/file');
    const swap = async () => {
      await symlink('v2', join(directory.path, 'new'));
      await rename(join(directory.path, 'new'), join(directory.path, 'data'));
    };
    expect(await takenAt([nothing, nothing, swap, nothing])).toEqual([2, 4]);
  });

  test('is tried again until it is taken, with looks in between', async () => {
    const looks = [write('a'), ...Array.from({ length: 40 }, () => nothing)];
    expect(await takenAt(looks, (take) => take === 3)).toEqual([2, 16, 30]);
  });

  test('is tried at once after a change, even if the state before could not be taken', async () => {
    expect(await takenAt([write('a'), nothing, write('b'), nothing], () => false)).toEqual([2, 4]);
  });
});

describe('reading a watched file', () => {
  const options = { nowMs: justNow, wait: noWait };

  test('returns a text that stands still', async () => {
    await writeFile(path, 'whole');
    expect(await watchedFile(path, options).readText(5)).toMatchObject({ text: 'whole' });
  });

  test('waits for the end of a change', async () => {
    await writeFile(path, 'w');
    let left = ['ho', 'le'];
    const wait = async () => {
      const [next, ...others] = left;
      left = others;
      if (next !== undefined) await writeFile(path, next, { flag: 'a' });
    };
    expect(await watchedFile(path, { nowMs: justNow, wait }).readText(9)).toMatchObject({ text: 'whole' });
  });

  test('does not wait for a file that is old', async () => {
    await writeFile(path, 'old');
    expect(await watchedFile(path, { nowMs: () => Date.now() + 10_000, wait: neverWait }).readText(3)).toMatchObject({
      text: 'old',
    });
  });

  test('gives up if the file never stands still', async () => {
    await writeFile(path, '');
    const wait = () => writeFile(path, 'x', { flag: 'a' });
    await expect(watchedFile(path, { nowMs: justNow, wait }).readText(99)).rejects.toThrow(
      `${path}: keeps changing: expected a file that stands still for 500 ms`,
    );
  });

  test('refuses a large file by its size, without reading it', async () => {
    await writeFile(path, '');
    // The file has no content on disk. Reading it would take 100 GB of memory.
    await truncate(path, 100_000_000_000);
    await expect(watchedFile(path, options).readText(1_048_576)).rejects.toThrow(
      `${path}: 100000000000 bytes: expected at most 1048576`,
    );
  });

  test.each([
    ['a folder', () => mkdir(path), /: expected a regular file$/],
    ['a missing file', nothing, /: cannot be read \(ENOENT\)$/],
  ])('refuses %s', async (_, make, message) => {
    await make();
    await expect(watchedFile(path, options).readText(1)).rejects.toThrow(message);
  });

  test('refuses a file that is not the one that the look saw', async () => {
    await writeFile(path, 'a');
    await expect(readTextFile(path, 9, 'another state')).rejects.toThrow(`${path}: changes while it is read`);
  });
});

test('one call can take a whole change, and waits only after a change', async () => {
  let waits = 0;
  const wait = () => {
    waits += 1;
    return Promise.resolve();
  };
  const file = watchedFile(path, { nowMs: justNow, wait });
  let taken = 0;
  const settle = () =>
    file.settleAndTake(() => {
      taken += 1;
      return Promise.resolve(true);
    });
  await write('a')();
  await settle();
  await settle();
  expect([taken, waits]).toEqual([1, 1]);
  await write('b')();
  await settle();
  await settle();
  expect([taken, waits]).toEqual([2, 2]);
});
