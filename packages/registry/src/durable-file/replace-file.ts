import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, rename, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemCode } from '../snapshot-store/snapshot-fault.ts';
import { FileFaultError } from './file-fault-error.ts';

export type ReplaceFileOptions = {
  /** A larger file is not written. */
  readonly maxBytes: number;
  /** Aborts the write. */
  readonly signal?: AbortSignal;
};

/** A temporary file of this age, ms, was left by a killed process. No write takes that long. */
const abandonedAfterMs = 3_600_000;

/**
 * Replaces a file atomically and durably: after a crash or a power failure the path holds either the old or the new file. When the call
 * settles, the new file is on disk. Each write has its own temporary file, so that two processes never write into the same one.
 *
 * @param pieces other work continues while each piece is written
 * @throws the error of the system, or FileFaultError `too_large`. The old file is then unchanged
 */
export async function replaceFile(
  path: string,
  pieces: string | Iterable<string>,
  { maxBytes, signal }: ReplaceFileOptions,
): Promise<void> {
  const temporaryPath = `${path}.${randomUUID()}.tmp`;
  await makeDirectory(dirname(path));
  let writtenAtMs: number;
  try {
    writtenAtMs = await writeNewFile(temporaryPath, pieces, maxBytes, signal);
    await rename(temporaryPath, path);
  } catch (error) {
    // The first error is the one to report. A file that stays is removed an hour later.
    await unlink(temporaryPath).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
  await removeAbandoned(path, writtenAtMs);
}

/**
 * Writes changed names of a directory to disk (fsync(2)). Without it, a rename can be undone by a power failure.
 *
 * @throws the error of the system
 */
export async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, 'r');
  await directory.sync();
}

/**
 * Creates the directory, and its parents only when they are missing too: a recursive mkdir in Node always reports ENOENT, even on a
 * read-only disk.
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') await mkdir(path, { recursive: true, mode: 0o700 });
    else if (code !== 'EEXIST') throw error;
  }
}

/** @returns the time of the file system, ms */
async function writeNewFile(
  path: string,
  pieces: string | Iterable<string>,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  await using file = await open(path, 'wx', 0o600);
  await writeFile(file, pieces, { signal });
  await file.sync();
  const { size, mtimeMs } = await file.stat();
  if (size <= maxBytes) return mtimeMs;
  throw new FileFaultError({ code: 'too_large', detail: `expected at most ${maxBytes} bytes, got ${size}` });
}

async function removeAbandoned(path: string, nowMs: number): Promise<void> {
  const prefix = `${basename(path)}.`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix) && name.endsWith('.tmp'));
  for (const name of names) {
    const temporaryPath = join(dirname(path), name);
    // Another process may rename or remove its file at the same time.
    const found = await lstat(temporaryPath).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < nowMs - abandonedAfterMs) {
      await unlink(temporaryPath).catch(() => undefined);
    }
  }
}
