import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { assertStateDirectory } from './assert-state-directory.ts';

const run = promisify(execFile);
/** Only root may become another user, and mount a file system. */
const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

let directory: TemporaryDirectory;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory('assert-state');
  path = join(directory.path, 'state');
});
afterEach(async () => directory[Symbol.asyncDispose]());

test('a missing directory is created, and stays empty', async () => {
  await assertStateDirectory(join(path, 'deep'));
  expect(await readdir(join(path, 'deep'))).toEqual([]);
});

test.each(['', 'deep'])('a file is refused: %j', async (below) => {
  await writeFile(path, '');
  await expect(assertStateDirectory(join(path, below))).rejects.toThrow(
    `STATE_DIR: cannot write in ${JSON.stringify(join(path, below))} (ENOTDIR): expected a path to a directory, not to a file`,
  );
});

test.each([
  ['nothing', 'ENOENT'],
  ['state', 'ELOOP'],
])('a symbolic link to %j, which is no directory, is refused', async (target, code) => {
  await symlink(join(directory.path, target), path);
  await expect(assertStateDirectory(path)).rejects.toThrow(
    `STATE_DIR: cannot write in ${JSON.stringify(path)} (${code}): expected a path to a directory, without a symbolic link that leads to nothing`,
  );
});

test('a name that is too long is refused', async () => {
  await expect(assertStateDirectory(join(path, 'x'.repeat(300)))).rejects.toThrow('(ENAMETOOLONG)');
});

test('a symbolic link to a directory is used', async () => {
  await mkdir(join(directory.path, 'real'));
  await symlink(join(directory.path, 'real'), path);
  await assertStateDirectory(path);
  expect(await readdir(join(directory.path, 'real'))).toEqual([]);
});

describeAsRoot('for a user', () => {
  test.each([
    ['of another user', ''],
    ['below a directory of another user', 'deep'],
  ])('a directory %s is refused', async (_, below) => {
    await mkdir(path, { mode: 0o700 });
    await chmod(directory.path, 0o755);
    process.seteuid?.(65_534);
    try {
      await expect(assertStateDirectory(join(path, below))).rejects.toThrow(
        `STATE_DIR: cannot write in ${JSON.stringify(join(path, below))} (EACCES): expected a directory that the user of the router owns`,
      );
    } finally {
      process.seteuid?.(0);
    }
  });

  test('a full disk, or one that is read-only, does not prevent a start', async () => {
    await mkdir(path);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=4k,nr_inodes=1', 'turn-router-test', path]);
    try {
      await expect(assertStateDirectory(path)).resolves.toBeUndefined();
      await run('mount', ['-o', 'remount,ro', path]);
      await expect(assertStateDirectory(path)).resolves.toBeUndefined();
    } finally {
      await run('umount', [path]);
    }
  });
});
