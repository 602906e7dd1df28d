import { mkdir, open, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { faultFromError, systemCode, type SnapshotFault } from './snapshot-fault.ts';
import { snapshotMaxBytes } from './snapshot-limits.ts';
import { textFromSnapshot } from './snapshot-text.ts';
import type { StoredSnapshot } from './stored-snapshot.ts';

/**
 * Replaces the file as a whole: whatever happens, the old or the new one stands there. Only one process may write to a path.
 *
 * The new one is made beside it under a name that does not change, so that what a crash leaves behind is taken away by the next write.
 * It is on the disk before it gets its name; the name itself may be lost with the power, and then the old file is still there.
 *
 * @param signal gives the write up
 * @returns why it failed; undefined when it did not
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
    // The first failure is the one to tell; the next write tries again to take the file away.
    await unlinkIfThere(temporaryPath).catch(() => undefined);
    return faultFromError(error);
  }
}

/** Only where more than one is missing does it ask for all: Node then says ENOENT whatever the reason, even on a read-only disk. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') await mkdir(path, { recursive: true, mode: 0o700 });
    else if (code !== 'EEXIST') throw error;
  }
}

/** Nobody else's file is written into: it must not have been there. @returns its size, bytes */
async function writeNewFile(path: string, snapshot: StoredSnapshot, signal: AbortSignal): Promise<number> {
  await using file = await open(path, 'wx', 0o600);
  // Other work goes on while each piece is on its way to the disk.
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
