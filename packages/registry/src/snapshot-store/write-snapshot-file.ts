import { fileFaultFrom } from '../durable-file/file-fault-error.ts';
import { replaceFile } from '../durable-file/replace-file.ts';
import type { SnapshotFault } from './snapshot-fault.ts';
import { snapshotMaxBytes } from './snapshot-limits.ts';
import { textFromSnapshot } from './snapshot-text.ts';
import type { StoredSnapshot } from './stored-snapshot.ts';

/**
 * Replaces the file atomically and durably: after a crash the path holds either the old or the new file. If several processes write to the
 * path, the last one wins.
 *
 * @param signal aborts the write
 * @returns the reason of a failure; undefined after success
 */
export async function writeSnapshotFile(
  path: string,
  snapshot: StoredSnapshot,
  signal: AbortSignal,
): Promise<SnapshotFault | undefined> {
  try {
    await replaceFile(path, textFromSnapshot(snapshot), { maxBytes: snapshotMaxBytes, signal });
    return undefined;
  } catch (error) {
    return fileFaultFrom(error);
  }
}
