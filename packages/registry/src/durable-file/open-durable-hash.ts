import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredHash } from '../hash/hash-store.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { SnapshotFault } from '../snapshot-store/snapshot-fault.ts';
import type { DurableHash, DurableHashEvents, DurableHashOptions } from './durable-hash.ts';
import { fileFaultFrom } from './file-fault-error.ts';
import { createHashFiles } from './hash-files.ts';
import { entriesOnlyIn, hasLost, isSameHash, withChanges } from './hash-changes.ts';
import type { StoredCopy } from './hash-text.ts';
import { faultIn, faultWhileRunning, unsavedElsewhere } from './judge-reading.ts';
import { readCopies, signatureOf, type CopiesReading } from './read-copies.ts';

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
  /** What was last read or written with a mark. */
  let last: StoredCopy | undefined;
  let lastSequence = 0;
  /** Why entries may be missing, until an operator accepts the content. */
  let fault: SnapshotFault | undefined;
  /** Why entries may be missing, until the other process has written its change. */
  let faultElsewhere: SnapshotFault | undefined;
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

  const isComplete = () => whole !== undefined || (fault ?? faultElsewhere) === undefined;

  /** Reports a change of `isComplete`. */
  function judge(change: () => void): void {
    const before = isComplete();
    change();
    const reason = fault ?? faultElsewhere;
    if (before && !isComplete() && reason !== undefined) events.onIncomplete(reason);
    if (!before && isComplete()) events.onComplete();
  }

  /** Missing and damaged files change nothing while this process has content: it writes them again. */
  function take(reading: CopiesReading): void {
    const { newest } = reading;
    const trusted = known;
    onDisk = newest?.hash;
    judge(() => {
      if (whole === undefined && fault === undefined) {
        fault = faultWhileRunning(reading, last);
        faultElsewhere = unsavedElsewhere(reading, files.ownMarker);
        // Entries that this process knows, and that are no longer on disk, count as its changes. So they are written again.
        if (fault !== undefined) addMissing(trusted ?? new Map(), onDisk ?? new Map());
      }
    });
    if (newest === undefined) return;
    // A process whose content lacks entries may have written the files. Then no known entry may disappear.
    const mayLackEntries = fault === undefined && faultElsewhere !== undefined;
    known = mayLackEntries ? new Map([...(trusted ?? []), ...newest.hash]) : newest.hash;
    last = newest.sequence === undefined ? undefined : newest;
    lastSequence = Math.max(lastSequence, newest.sequence ?? 0);
  }

  function addMissing(from: StoredHash, to: StoredHash): void {
    for (const [name, text] of entriesOnlyIn(from, to)) if (!changes.has(name)) changes.set(name, text);
  }

  function compare({ areEqual }: CopiesReading): void {
    const wanted = content();
    const isOnDisk = areEqual && wanted !== undefined && isSameHash(onDisk, wanted);
    const isNothingToWrite = fault === undefined ? wanted === undefined : changes.size === 0;
    if (writes) setSaved(isOnDisk || isNothingToWrite);
  }

  async function look(): Promise<void> {
    const before = signature;
    signature = await signatureOf(path);
    const reading = await readCopies(path);
    // An operator has repaired the files, or has accepted the content by removing the damaged files and the markers. A file that has just
    // changed, or changes while it is read, may be half written.
    const isUnchanged = signature === before && (await signatureOf(path)) === signature;
    const standsStill = isUnchanged && (await isThere(dirname(path)));
    const wasTrusted = fault === undefined;
    if (!wasTrusted && standsStill && faultIn(reading) === undefined) accept();
    take(reading);
    // The next start has to know it, too.
    if (writes && wasTrusted && fault !== undefined) await files.mark().catch(() => undefined);
    compare(reading);
  }

  /** What is on disk now is the content, also if it is older. */
  function accept(): void {
    last = undefined;
    judge(() => {
      fault = undefined;
    });
  }

  async function write(): Promise<void> {
    let hash: StoredHash = new Map();
    let written: ReadonlyMap<string, string | undefined> = new Map();
    lastSequence = await files.write((reading) => {
      take(reading);
      written = new Map(changes);
      hash = content() ?? hash;
      return { hash, isComplete: fault === undefined, lastSequence };
    });
    last = { hash, sequence: lastSequence };
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
    if (!isComplete() || (writes && signature !== (await signatureOf(path)))) await look();
    if (isSaved) return;
    if (failures === 0 || monotonicNowMs() >= retryAtMs) await save();
    // A change since the last attempt may have made the files unsafe.
    else await markIfUnsafe();
  }

  signature = await signatureOf(path);
  judge(() => {
    fault = faultIn(first);
  });
  take(first);
  compare(first);
  const refresh = () => runNext(lookAndSave);
  const loop = startLoop(refresh, intervalMs);
  return {
    content,
    isComplete,
    isSaved: () => isSaved,
    use(hash) {
      if (whole !== undefined && isSameHash(whole, hash)) return;
      const isNew = !isComplete() || !isSameHash(content(), hash);
      judge(() => {
        whole = hash;
        fault = undefined;
        faultElsewhere = undefined;
      });
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

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
