import type { SnapshotFault } from '../snapshot-store/snapshot-fault.ts';
import { isSameHash } from './hash-changes.ts';
import type { StoredCopy } from './hash-text.ts';
import type { CopiesReading } from './read-copies.ts';

/** Why the files cannot be relied on at a start; undefined if they can. One whole copy is enough, unless a change is missing in it. */
export function faultIn({ newest, doubt, faulty, markers }: CopiesReading): SnapshotFault | undefined {
  const [marker] = markers;
  if (marker !== undefined) {
    return { code: 'other', detail: 'a change was not written before the last stop', path: marker };
  }
  const found = newest === undefined ? faulty[0] : faulty.find(({ mayBeNewer }) => mayBeNewer);
  return found === undefined ? doubt : { ...found.fault, path: found.path };
}

/**
 * Why the files cannot be relied on while a process runs. Damaged and missing files are no reason: the process writes them again.
 *
 * @param last what this process has last read or written
 */
export function faultWhileRunning(
  { newest, doubt }: CopiesReading,
  last: StoredCopy | undefined,
): SnapshotFault | undefined {
  if (doubt !== undefined) return doubt;
  // An operator who has written a file without a mark, and has removed the other one, has decided on the content.
  if (newest?.sequence === undefined || last?.sequence === undefined) return undefined;
  const isOlder = newest.sequence < last.sequence;
  const isOther = newest.sequence === last.sequence && !isSameHash(newest.hash, last.hash);
  return isOlder || isOther ? { code: 'other', detail: 'the files are older than the content in memory' } : undefined;
}

/** A marker of another process, which has a change that is not on disk. It may have ended since. */
export function unsavedElsewhere({ markers }: CopiesReading, ownMarker: string): SnapshotFault | undefined {
  const marker = markers.find((each) => each !== ownMarker);
  return marker === undefined
    ? undefined
    : { code: 'other', detail: 'another process could not write a change', path: marker };
}
