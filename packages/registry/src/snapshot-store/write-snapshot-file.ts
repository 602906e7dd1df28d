import { mkdir, open, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { faultFromError, systemCode, type SnapshotFault } from './snapshot-fault.ts';
import { snapshotMaxBytes } from './snapshot-limits.ts';
import { textFromSnapshot } from './snapshot-text.ts';
import type { StoredSnapshot } from './stored-snapshot.ts';

/**
 * Replaces the file atomically: after a crash the path holds either the old or the new file. Only one process may write to a path.
 *
 * The new file is written under a fixed temporary name, so that the next write removes what a crash left behind. It is synced to disk
 * before the rename. The rename itself is not synced: after a power failure the old file may still be there.
 *
 * @param signal aborts the write
 * @returns the reason of a failure; undefined after success
 */
export async function writeSnapshotFile(
  path: string,
  snapshot: StoredSnapshot,
  signal: AbortSignal,
): Promise<SnapshotFault | undefined> {
  const temporaryPath = `${path}.tmp`;
  try {
    await makeDirectory(dirname(path));
    await unlinkIfThere(temporaryPath);
    const size = await writeNewFile(temporaryPath, snapshot, signal);
    if (size > snapshotMaxBytes) {
      await unlinkIfThere(temporaryPath);
      return { code: 'too_large', detail: `expected at most ${snapshotMaxBytes} bytes, got ${size}` };
    }
    await rename(temporaryPath, path);
    return undefined;
  } catch (error) {
    // The first error is the one to report; the next write tries again to remove the temporary file.
    await unlinkIfThere(temporaryPath).catch(() => undefined);
    return faultFromError(error);
  }
}

/**
 * Creates the directory, and its parents only when they are missing too: a recursive mkdir in Node always reports ENOENT, even on a
 * read-only disk.
 */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') await mkdir(path, { recursive: true, mode: 0o700 });
    else if (code !== 'EEXIST') throw error;
  }
}

/** Writes a file that must not exist yet, so that no other file is overwritten. @returns its size, bytes */
async function writeNewFile(path: string, snapshot: StoredSnapshot, signal: AbortSignal): Promise<number> {
  await using file = await open(path, 'wx', 0o600);
  // Other work continues while each piece is written.
  await writeFile(file, textFromSnapshot(snapshot), { signal });
  await file.sync();
  return (await file.stat()).size;
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
