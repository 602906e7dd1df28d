import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemCode, type SnapshotFault, type SnapshotFaultCode } from '../snapshot-store/snapshot-fault.ts';
import { FileFaultError, fileFaultFrom } from './file-fault-error.ts';
import { isSameHash } from './hash-changes.ts';
import { parseHashText, type ParsedHash, type StoredCopy } from './hash-text.ts';

/** The largest file to read or write, bytes. */
export const hashFileMaxBytes = 67_108_864;

export type FaultyCopy = {
  readonly path: string;
  readonly fault: SnapshotFault;
  /** False: the system could not read the copy now. The copy may be whole. */
  readonly isDamaged: boolean;
  /** An earlier release may have changed this copy, so it may hold what the other copy lacks. */
  readonly mayBeNewer: boolean;
  /** False: it is the directory, whose markers cannot be listed. */
  readonly isCopy: boolean;
};

/** What the state directory holds of one hash. */
export type CopiesReading = {
  /** The newest whole copy. If nothing tells which copy is newer, the entries of both. */
  readonly newest: StoredCopy | undefined;
  /** Whether both copies are whole, equal and closed with a mark. */
  readonly areEqual: boolean;
  /** Why `newest` may lack entries, although a copy is whole. */
  readonly doubt: SnapshotFault | undefined;
  readonly faulty: readonly FaultyCopy[];
  /** The files that say that a change was not written. */
  readonly markers: readonly string[];
};

/** The second copy has its own file, so that damage to one file destroys nothing. */
export function copyPathsOf(path: string): readonly [first: string, second: string] {
  return [`${path}.copy`, path];
}

/** The file that exists while a change of one process is not on disk. */
export function markerPathOf(path: string, processId: string): string {
  return `${path}.unsaved-${processId}`;
}

/** Faults of the file itself. After any other fault, the same file may be readable again. */
const damage: ReadonlySet<SnapshotFaultCode> = new Set(['truncated', 'too_large', 'not_a_file', 'no_permission']);

/** Reads both copies. Never rejects. */
export async function readCopies(path: string): Promise<CopiesReading> {
  const faulty: FaultyCopy[] = [];
  const found: StoredCopy[] = [];
  for (const copyPath of copyPathsOf(path)) {
    const copy = await readCopy(copyPath).catch((error: unknown) => unreadable(fileFaultFrom(error)));
    if (copy === undefined) continue;
    if (copy.ok) {
      found.push(copy);
      continue;
    }
    // Earlier releases know only the first name.
    const mayBeNewer = copy.mayBeNewer && copyPath === path;
    faulty.push({
      path: copyPath,
      fault: copy.fault,
      isDamaged: damage.has(copy.fault.code),
      mayBeNewer,
      isCopy: true,
    });
  }
  const markers = await markersOf(path).catch((error: unknown) => {
    faulty.push({
      path: dirname(path),
      fault: fileFaultFrom(error),
      isDamaged: false,
      mayBeNewer: false,
      isCopy: false,
    });
    return [];
  });
  return { newest: newestOf(found), areEqual: areEqual(found), doubt: doubtIn(found, faulty), faulty, markers };
}

/** Changes whenever somebody changes one of the copies, or adds or removes a marker. Never rejects. */
export async function signatureOf(path: string): Promise<string> {
  const found = await Promise.all(copyPathsOf(path).map((each) => stat(each).catch(() => undefined)));
  const markers = await markersOf(path).catch(() => []);
  const copies = found.map((each) => (each === undefined ? '-' : `${each.ino} ${each.size} ${each.mtimeMs}`));
  return [...copies, ...markers].join();
}

function unreadable(fault: SnapshotFault): ParsedHash {
  return { ok: false, fault, mayBeNewer: false };
}

async function readCopy(path: string): Promise<ParsedHash | undefined> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) throw new FileFaultError({ code: 'not_a_file', detail: 'expected a regular file' });
    if (stats.size > hashFileMaxBytes) {
      throw new FileFaultError({ code: 'too_large', detail: `expected at most ${hashFileMaxBytes} bytes` });
    }
    return parseHashText(await file.readFile('utf8'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function markersOf(path: string): Promise<string[]> {
  const prefix = markerPathOf(basename(path), '');
  try {
    const names = await readdir(dirname(path));
    return names.filter((name) => name.startsWith(prefix)).map((name) => join(dirname(path), name));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * A copy without a mark is from an earlier release, or an operator has written it. If the other copy has a mark, either of them may lack
 * entries of the other. The same is true of different copies with the same number.
 */
function hasNoOrder([first, second]: readonly StoredCopy[]): boolean {
  if (first === undefined || second === undefined || isSameHash(first.hash, second.hash)) return false;
  return first.sequence === undefined || second.sequence === undefined || first.sequence === second.sequence;
}

function newestOf(found: readonly StoredCopy[]): StoredCopy | undefined {
  const newest = found.toSorted((a, b) => (b.sequence ?? 0) - (a.sequence ?? 0))[0];
  if (newest === undefined || !hasNoOrder(found)) return newest;
  return { hash: new Map(found.flatMap(({ hash }) => [...hash])), sequence: newest.sequence };
}

function doubtIn(found: readonly StoredCopy[], faulty: readonly FaultyCopy[]): SnapshotFault | undefined {
  if (hasNoOrder(found)) return { code: 'other', detail: 'the two files differ, and neither is known to be newer' };
  // Earlier releases write one file only. So the damaged one is from this release, and may be the newer one.
  const isUnmarked = found.length === 1 && found[0]?.sequence === undefined;
  const copy = isUnmarked ? faulty.find(({ isCopy }) => isCopy) : undefined;
  return copy === undefined ? undefined : { ...copy.fault, path: copy.path };
}

function areEqual([first, second]: readonly StoredCopy[]): boolean {
  return first?.sequence !== undefined && first.sequence === second?.sequence && isSameHash(first.hash, second.hash);
}
