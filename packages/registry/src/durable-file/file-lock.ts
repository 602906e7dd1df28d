import { open, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemCode } from '../snapshot-store/snapshot-fault.ts';
import { FileFaultError } from './file-fault-error.ts';
import { makeDirectory } from './replace-file.ts';

/** A lock that one process has held for this time, ms, belongs to a killed process. A write takes a few ms. */
const staleAfterMs = 5_000;

/** The time between two attempts, ms, and their number. */
const retryMs = 20;
const attemptsMax = 25;

/** Runs a task while no other process runs one with the same lock. @throws FileFaultError if the lock stays taken, or the system's error */
export type WithFileLock = <T>(task: () => Promise<T>) => Promise<T>;

/** Creates a lock for several processes: a file that exists while one of them holds the lock. */
export function createFileLock(path: string, monotonicNowMs: () => number): WithFileLock {
  let seen: { readonly lock: string; readonly sinceMs: number } | undefined;

  async function tryTake(): Promise<boolean> {
    try {
      await (await open(path, 'wx', 0o600)).close();
      return true;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
      return false;
    }
  }

  /** Removes the lock if this process has seen the same lock for too long. */
  async function removeStale(): Promise<void> {
    const found = await stat(path).catch(() => undefined);
    const lock = found === undefined ? '' : `${found.ino} ${found.mtimeMs}`;
    if (seen?.lock !== lock) seen = { lock, sinceMs: monotonicNowMs() };
    if (monotonicNowMs() - seen.sinceMs >= staleAfterMs) await unlink(path).catch(() => undefined);
  }

  return async (task) => {
    await makeDirectory(dirname(path));
    for (let attempt = 1; !(await tryTake()); attempt += 1) {
      await removeStale();
      if (attempt === attemptsMax) {
        throw new FileFaultError({ code: 'other', detail: 'another process holds the lock of the file' });
      }
      await delay(retryMs);
    }
    seen = undefined;
    try {
      return await task();
    } finally {
      await unlink(path).catch(() => undefined);
    }
  };
}
