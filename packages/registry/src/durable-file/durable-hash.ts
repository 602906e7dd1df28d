import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EntryReplacement, StoredHash } from '../hash/hash-store.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { SnapshotFault } from '../snapshot-store/snapshot-fault.ts';
import { fileFaultFrom } from './file-fault-error.ts';
import { createHashFiles } from './hash-files.ts';
import { hasLost, isSameHash, withChanges } from './hash-changes.ts';
import { readCopies, signatureOf, type CopiesReading } from './read-copies.ts';

export type DurableHashEvents = {
  /** The newest content is not on disk, or is on disk again. Also called at the first write. */
  onUnsaved(isUnsaved: boolean): void;
  /** A write failed after one that succeeded, or the first write failed. */
  onSaveFailed(fault: SnapshotFault): void;
  /** A write succeeded after one that failed. */
  onSaveRecovered(): void;
  /** A damaged file got another name. */
  onSetAside(name: string, fault: SnapshotFault): void;
  /** At the opening: the files are unusable, or a change was not written to them. */
  onIncomplete(fault: SnapshotFault): void;
  /** The content is complete again. */
  onComplete(): void;
  /** At the disposal: the last content could not be written. */
  onAbandoned(): void;
};

export type DurableHashOptions = {
  /** Whether this process writes the files. */
  readonly writes: boolean;
  /** Unix time, ms; for the names of damaged files. */
  readonly nowMs: () => number;
  readonly monotonicNowMs: () => number;
  /** Whether a start with the content on disk would be unsafe. Default: an entry of it has been removed or changed. */
  readonly isUnsafe?: (onDisk: StoredHash, current: StoredHash) => boolean;
  /** Time between two looks at the files, ms; default 500. */
  readonly intervalMs?: number;
};

/**
 * A small hash in memory and in two files of the state directory. A change is written at once. If that fails, the write is repeated until it
 * succeeds. If the files change, disappear or become damaged, they are read or written again.
 */
export interface DurableHash extends AsyncDisposable {
  /** The newest content; undefined if there has never been any. */
  readonly content: () => StoredHash | undefined;
  /** False: entries may be missing, because the files were damaged, or because a change was not written before the last stop. */
  readonly isComplete: () => boolean;
  /** Whether the newest content is on disk. */
  readonly isSaved: () => boolean;
  /** Replaces the whole content by a content that is known to be complete. Writes it in the background. */
  readonly use: (hash: StoredHash) => void;
  /**
   * Replaces entries in one step. Settles when the change is on disk, or after the first failed write.
   *
   * @returns false, with nothing changed, when any current entry is not the expected one
   */
  readonly replaceAll: (replacements: readonly EntryReplacement[]) => Promise<boolean>;
  /** Looks at the files, and writes what is not on disk. The loop calls it periodically. */
  readonly refresh: () => Promise<void>;
}

/** Time to the next write after the first failure, ms. It doubles with each further failure, up to the maximum. */
const firstRetryMs = 500;
const maxRetryMs = 15_000;

/** The longest time that `replaceAll` waits for a hanging disk, ms. */
const replaceTimeoutMs = 2_000;

/** Opens a hash. Settles after the first reading of the files. */
export async function openDurableHash(
  path: string,
  events: DurableHashEvents,
  { writes, nowMs, monotonicNowMs, isUnsafe = hasLost, intervalMs = 500 }: DurableHashOptions,
): Promise<DurableHash> {
  const first = await readCopies(path);
  const files = createHashFiles(path, {
    processId: randomUUID(),
    oldMarkers: first.markers,
    nowMs,
    monotonicNowMs,
    onSetAside: (name, setAsideFor) => events.onSetAside(name, setAsideFor),
  });
  const changes = new Map<string, string | undefined>();
  /** The last content that was read or written. It stays when the files disappear. */
  let known: StoredHash | undefined;
  let onDisk: StoredHash | undefined;
  let whole: StoredHash | undefined;
  let isComplete = true;
  let isSaved = true;
  let failures = 0;
  let retryAtMs = 0;
  let signature = '';
  let work = Promise.resolve();

  const content = () => whole ?? withChanges(known, changes);

  function setSaved(isNowSaved: boolean): void {
    if (isSaved !== isNowSaved) events.onUnsaved(!isNowSaved);
    isSaved = isNowSaved;
  }

  function setComplete(): void {
    if (!isComplete) events.onComplete();
    isComplete = true;
  }

  /** Missing and damaged files change nothing while this process has content: it writes them again. */
  function take({ newest, markers }: CopiesReading): void {
    onDisk = newest?.hash;
    if (onDisk === undefined) return;
    // A process whose content lacks entries may have written the files. Then no known entry may disappear.
    const mayLackEntries = isComplete && markers.some((marker) => marker !== files.ownMarker);
    known = mayLackEntries && known !== undefined ? new Map([...known, ...onDisk]) : onDisk;
  }

  function compare({ areEqual }: CopiesReading): void {
    const wanted = content();
    const isOnDisk = areEqual && wanted !== undefined && isSameHash(onDisk, wanted);
    const isNothingToWrite = isComplete ? wanted === undefined : changes.size === 0;
    if (writes) setSaved(isOnDisk || isNothingToWrite);
  }

  async function look(): Promise<void> {
    const before = signature;
    signature = await signatureOf(path);
    const reading = await readCopies(path);
    // An operator has repaired the files, or has accepted the content by removing the damaged files and the markers. A file that has just
    // changed may be half written.
    const standsStill = signature === before && (await isThere(dirname(path)));
    if (!isComplete && standsStill && faultIn(reading) === undefined) setComplete();
    take(reading);
    compare(reading);
  }

  async function write(): Promise<void> {
    let hash: StoredHash = new Map();
    let written: ReadonlyMap<string, string | undefined> = new Map();
    await files.write((reading) => {
      take(reading);
      written = new Map(changes);
      hash = content() ?? hash;
      return { hash, isComplete };
    });
    onDisk = hash;
    known = hash;
    for (const [name, text] of written) if (changes.get(name) === text) changes.delete(name);
    signature = await signatureOf(path);
  }

  /** If the marker cannot be created either, the next attempt tries again. */
  async function markIfUnsafe(): Promise<void> {
    if (isUnsafe(onDisk ?? new Map(), content() ?? new Map())) await files.mark().catch(() => undefined);
  }

  async function save(): Promise<void> {
    if (isSaved) return;
    const saving = whole;
    try {
      await write();
      setSaved(changes.size === 0 && whole === saving);
      if (failures > 0) events.onSaveRecovered();
      failures = 0;
    } catch (error) {
      failures += 1;
      retryAtMs = monotonicNowMs() + Math.min(maxRetryMs, firstRetryMs * 2 ** (failures - 1));
      await markIfUnsafe();
      if (failures === 1) events.onSaveFailed(fileFaultFrom(error));
    }
  }

  function runNext(task: () => Promise<void>): Promise<void> {
    work = work.then(task);
    return work;
  }

  async function lookAndSave(): Promise<void> {
    if (!isComplete || (writes && signature !== (await signatureOf(path)))) await look();
    if (isSaved) return;
    if (failures === 0 || monotonicNowMs() >= retryAtMs) await save();
    // A change since the last attempt may have made the files unsafe.
    else await markIfUnsafe();
  }

  signature = await signatureOf(path);
  const fault = faultIn(first);
  isComplete = fault === undefined;
  if (fault !== undefined) events.onIncomplete(fault);
  take(first);
  compare(first);
  const refresh = () => runNext(lookAndSave);
  const loop = startLoop(refresh, intervalMs);
  return {
    content,
    isComplete: () => isComplete,
    isSaved: () => isSaved,
    use(hash) {
      if (whole !== undefined && isSameHash(whole, hash)) return;
      const isNew = !isComplete || !isSameHash(content(), hash);
      whole = hash;
      setComplete();
      if (!writes || !isNew) return;
      setSaved(false);
      void refresh();
    },
    async replaceAll(replacements) {
      const current = content();
      if (replacements.some(({ name, expected }) => current?.get(name) !== expected)) return false;
      for (const { name, next } of replacements) changes.set(name, next);
      setSaved(false);
      await Promise.race([runNext(save), delay(replaceTimeoutMs, undefined, { ref: false })]);
      return true;
    },
    refresh,
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]();
      await work;
      if (!isSaved) await runNext(save);
      if (!isSaved) events.onAbandoned();
    },
  };
}

/** Why the files cannot be relied on; undefined if they can. One whole copy is enough, unless a change is missing in it. */
function faultIn({ newest, faulty, markers }: CopiesReading): SnapshotFault | undefined {
  if (markers.length > 0) return { code: 'other', detail: 'a change was not written before the last stop' };
  const fault = newest === undefined ? faulty[0] : faulty.find(({ mayBeNewer }) => mayBeNewer);
  return fault?.fault;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
