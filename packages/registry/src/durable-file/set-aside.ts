import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncDirectory } from './replace-file.ts';

/** The largest number of damaged files of one path. The oldest are removed first. */
export const damagedMax = 5;

/**
 * Renames a damaged file to `<path>.damaged-<time>`, so that no write destroys what an operator may want to repair. A directory in the place
 * of the file is renamed, too.
 *
 * @param nowMs Unix time
 * @returns the new path
 * @throws the error of the system
 */
export async function setAside(path: string, nowMs: number): Promise<string> {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:.]/g, '');
  let target = `${path}.damaged-${stamp}`;
  for (let number = 2; await isThere(target); number += 1) target = `${path}.damaged-${stamp}-${number}`;
  await rename(path, target);
  await syncDirectory(dirname(path));
  await removeOldest(path);
  return target;
}

async function removeOldest(path: string): Promise<void> {
  const directory = dirname(path);
  const prefix = `${basename(path)}.damaged-`;
  const names = (await readdir(directory)).filter((name) => name.startsWith(prefix)).toSorted();
  // A directory stays: it may hold what this program has not written.
  await Promise.all(names.slice(0, -damagedMax).map((name) => rm(join(directory, name)).catch(() => undefined)));
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
