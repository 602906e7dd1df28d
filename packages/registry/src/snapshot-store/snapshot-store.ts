import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileFaultFrom } from '../durable-file/file-fault-error.ts';
import { setAside } from '../durable-file/set-aside.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { NodeRecord } from '../nodes/node-registry.ts';
import { readSnapshotFile } from './read-snapshot-file.ts';
import type { SnapshotFault, SnapshotFaultCode } from './snapshot-fault.ts';
import type { ParsedSnapshot } from './snapshot-parser.ts';
import type { StoredSnapshot } from './stored-snapshot.ts';
import { writeSnapshotFile } from './write-snapshot-file.ts';

export type SnapshotStoreEvents = {
  /** A write failed after one that succeeded, or the first write failed. */
  onWriteFailed(fault: SnapshotFault): void;
  /** A write succeeded after one that failed. */
  onWriteRecovered(): void;
  /** The damaged file of the last reading got another name, so that the write did not replace it. */
  onSetAside?(name: string, fault: SnapshotFault): void;
};

export type SnapshotStoreOptions = {
  /** Unix time, ms. It is stored only for people, and in the names of damaged files. */
  nowMs: () => number;
  /**
   * Time from the end of one write to the start of the next, ms; default 5000. With a shorter time, a restarted router finds newer reports.
   * Each write of 10 000 nodes takes about 40 ms of one core and 6 MB of disk.
   */
  intervalMs?: number;
  /** The longest time that disposal waits for the last write, ms; default 2000. */
  flushTimeoutMs?: number;
};

/** A file with the last good reading of one registry, for a router that starts while the registry is unreachable. */
export interface SnapshotStore extends AsyncDisposable {
  /** Reads the last complete snapshot. Returns undefined when there is none yet. Never rejects. */
  read(): Promise<ParsedSnapshot | undefined>;
  /**
   * Schedules these records for a background write, `intervalMs` after the last one. Only the newest records are written, and only if they
   * are not the same objects as in the last write.
   */
  save(records: readonly NodeRecord[], serverId: string | undefined): void;
}

/** Faults of the file itself. After any other fault, the same file may be readable again. */
const damageCodes: ReadonlySet<SnapshotFaultCode> = new Set([
  'truncated',
  'not_a_snapshot',
  'not_a_file',
  'too_large',
  'no_permission',
]);

const defaultIntervalMs = 5000;
const defaultFlushTimeoutMs = 2000;

/**
 * Opens a snapshot store. Disposal writes the newest records a last time.
 *
 * @param path only this process may write to it; a missing directory is created
 */
export function openSnapshotStore(
  path: string,
  events: SnapshotStoreEvents,
  { nowMs, intervalMs = defaultIntervalMs, flushTimeoutMs = defaultFlushTimeoutMs }: SnapshotStoreOptions,
): SnapshotStore {
  const deadline = new AbortController();
  let loop: AsyncDisposable | undefined;
  let newest: StoredSnapshot | undefined;
  let written: WrittenSnapshot | undefined;
  let isFailing = false;
  /** Why the file on disk is unusable. */
  let damage: SnapshotFault | undefined;

  function reportOutcome(fault: SnapshotFault | undefined): void {
    const wasFailing = isFailing;
    isFailing = fault !== undefined;
    if (fault !== undefined && !wasFailing) events.onWriteFailed(fault);
    if (fault === undefined && wasFailing) events.onWriteRecovered();
  }

  async function writeNewest(): Promise<void> {
    const snapshot = newest;
    if (snapshot === undefined || (written !== undefined && isSame(snapshot, written))) return;
    const fault = (await setDamagedAside()) ?? (await writeSnapshotFile(path, snapshot, deadline.signal));
    if (fault === undefined) written = { records: new Set(snapshot.records), serverId: snapshot.serverId };
    reportOutcome(fault);
  }

  /** Renames the file that `read` has found damaged. @returns the reason of a failure */
  async function setDamagedAside(): Promise<SnapshotFault | undefined> {
    if (damage === undefined || !damageCodes.has(damage.code)) return undefined;
    try {
      events.onSetAside?.(basename(await setAside(path, nowMs())), damage);
    } catch (error) {
      const fault = fileFaultFrom(error);
      if (fault.detail !== 'ENOENT') return fault;
    }
    damage = undefined;
    return undefined;
  }

  async function flush(): Promise<boolean> {
    await loop?.[Symbol.asyncDispose]();
    await writeNewest();
    return true;
  }

  return {
    async read() {
      const parsed = await readSnapshotFile(path);
      damage = parsed?.ok === false ? parsed.fault : undefined;
      return parsed;
    },
    save(records, serverId) {
      newest = { records, savedAt: new Date(nowMs()), serverId };
      // Starting the loop here lets the first write begin at once.
      loop ??= startLoop(writeNewest, intervalMs);
    },
    async [Symbol.asyncDispose]() {
      const isFlushed = await Promise.race([flush(), delay(flushTimeoutMs, false, { ref: false })]);
      if (isFlushed) return;
      deadline.abort();
      reportOutcome({ code: 'timeout', detail: `the last write did not end within ${flushTimeoutMs} ms` });
    },
  };
}

type WrittenSnapshot = { readonly records: ReadonlySet<NodeRecord>; readonly serverId: string | undefined };

/** Whether both hold the same record objects, in any order, from the same server. */
function isSame({ records, serverId }: StoredSnapshot, written: WrittenSnapshot): boolean {
  return (
    serverId === written.serverId &&
    records.length === written.records.size &&
    records.every((record) => written.records.has(record))
  );
}
