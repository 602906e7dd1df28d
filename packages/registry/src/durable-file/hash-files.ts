import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { StoredHash } from '../hash/hash-store.ts';
import type { SnapshotFault } from '../snapshot-store/snapshot-fault.ts';
import { FileFaultError } from './file-fault-error.ts';
import { createFileLock } from './file-lock.ts';
import { textFromHash } from './hash-text.ts';
import { copyPathsOf, hashFileMaxBytes, markerPathOf, readCopies, type CopiesReading } from './read-copies.ts';
import { makeDirectory, replaceFile, syncDirectory } from './replace-file.ts';
import { setAside } from './set-aside.ts';

export type HashFilesOptions = {
  /** The name of this process in its marker. */
  readonly processId: string;
  /** Markers that were there at the start. The first complete write removes them. */
  readonly oldMarkers: readonly string[];
  /** Unix time, ms. */
  readonly nowMs: () => number;
  readonly monotonicNowMs: () => number;
  readonly onSetAside: (name: string, fault: SnapshotFault) => void;
};

export type HashToWrite = {
  readonly hash: StoredHash;
  /** False: the hash may lack entries. Then the marker stays, so that the next start knows it, too. */
  readonly isComplete: boolean;
  /** The largest sequence number that this process knows. The new number is larger, also if the files have disappeared. */
  readonly lastSequence: number;
};

/** The files of one hash: two copies, a lock, and a marker while a change of this process is not on disk. */
export interface HashFiles {
  /**
   * Writes both copies. Damaged copies are renamed first.
   *
   * @param choose returns what to write, from what is on disk now: another process may have written it
   * @returns the new sequence number
   * @throws FileFaultError, or the error of the system
   */
  readonly write: (choose: (reading: CopiesReading) => HashToWrite) => Promise<number>;
  /** Creates the marker. It is an empty file, which most file systems can create even if they are full. @throws the error of the system */
  readonly mark: () => Promise<void>;
  /** The path of the marker of this process. */
  readonly ownMarker: string;
}

export function createHashFiles(
  path: string,
  { processId, oldMarkers, nowMs, monotonicNowMs, onSetAside }: HashFilesOptions,
): HashFiles {
  const ownMarker = markerPathOf(path, processId);
  const withLock = createFileLock(`${path}.lock`, monotonicNowMs);

  async function mark(): Promise<void> {
    await makeDirectory(dirname(path));
    await writeFile(ownMarker, '', { mode: 0o600 });
    await syncDirectory(dirname(path));
  }

  /** A marker of another running process stays. */
  async function unmark({ markers }: CopiesReading): Promise<void> {
    const removable = markers.filter((marker) => marker === ownMarker || oldMarkers.includes(marker));
    if (removable.length === 0) return;
    await Promise.all(removable.map((marker) => rm(marker, { force: true })));
    await syncDirectory(dirname(path));
  }

  async function setAsideFaulty({ faulty }: CopiesReading): Promise<void> {
    const unreadable = faulty.find(({ isDamaged }) => !isDamaged);
    // The copy may be whole, so it must not be replaced.
    if (unreadable !== undefined) throw new FileFaultError(unreadable.fault);
    for (const { path: copyPath, fault } of faulty) onSetAside(basename(await setAside(copyPath, nowMs())), fault);
  }

  return {
    ownMarker,
    mark,
    write: (choose) =>
      withLock(async () => {
        const reading = await readCopies(path);
        const { hash, isComplete, lastSequence } = choose(reading);
        if (!isComplete) await mark();
        await setAsideFaulty(reading);
        const sequence = Math.max(reading.newest?.sequence ?? 0, lastSequence) + 1;
        const text = textFromHash(hash, sequence);
        for (const copyPath of copyPathsOf(path)) await replaceFile(copyPath, text, { maxBytes: hashFileMaxBytes });
        if (isComplete) await unmark(reading);
        return sequence;
      }),
  };
}
