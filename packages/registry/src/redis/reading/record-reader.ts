import { hash } from 'node:crypto';
import type { FieldFault } from '@turn-router/contract/http';
import { nodeReportMaxBytes, parseNodeReport, parseRedisKey, type NodeKey } from '@turn-router/contract/registry';
import type { FollowedReading, NodeRecord, RejectedRecord } from '../../nodes/node-registry.ts';

/** Parses the records in Redis, and finds the changes from one reading to the next. */
export interface RecordReader {
  beginReading(): void;
  /** Whether this key had a valid record at the last complete reading. */
  readonly isKnown: (name: string) => boolean;
  /** Returns the record under this key, or its rejection. */
  read(name: string, text: string): NodeRecord | RejectedRecord;
  /** Ends a complete reading. Returns the changes since the last complete one; a record that was not read is gone. */
  endReading(): Pick<FollowedReading, 'changed' | 'gone'>;
}

/**
 * Caches records by their text. If nodes report every 5 s and are read every 0.4 s, eleven of twelve texts are unchanged. These texts need no
 * parsing. Of an invalid record, only a hash of the text is cached.
 */
export function createRecordReader(): RecordReader {
  const known = new Map<string, { text: string; record: NodeRecord; seenInReading: number }>();
  /** The records changed since the last complete reading, by key. */
  const changed = new Map<string, NodeRecord>();
  const refused = new Map<string, { textHash: string; rejection: RejectedRecord; seenInReading: number }>();
  let readings = 0;
  let seen = 0;

  function markSeen(entry: { seenInReading: number }): void {
    if (entry.seenInReading === readings) return;
    entry.seenInReading = readings;
    seen += 1;
  }

  function forgetUnseen(): NodeKey[] {
    const gone: NodeKey[] = [];
    if (known.size === seen) return gone;
    for (const [name, { record, seenInReading }] of known) {
      if (seenInReading === readings) continue;
      known.delete(name);
      changed.delete(name);
      gone.push(record.key);
    }
    return gone;
  }

  function refuse(name: string, text: string): RejectedRecord | undefined {
    const entry = refused.get(name);
    if (entry?.textHash !== hash('sha256', text)) return undefined;
    entry.seenInReading = readings;
    return entry.rejection;
  }

  return {
    beginReading() {
      readings += 1;
      seen = 0;
    },
    isKnown: (name) => known.has(name),
    read(name, text) {
      const entry = known.get(name);
      if (entry?.text === text) {
        markSeen(entry);
        return entry.record;
      }
      const rejection = refused.size === 0 ? undefined : refuse(name, text);
      if (rejection !== undefined) return rejection;
      const record = parseRecord(name, text);
      if ('report' in record) {
        const next = { text, record, seenInReading: entry?.seenInReading ?? 0 };
        known.set(name, next);
        changed.set(name, record);
        markSeen(next);
      } else {
        refused.set(name, { textHash: hash('sha256', text), rejection: record, seenInReading: readings });
      }
      return record;
    },
    endReading() {
      const gone = forgetUnseen();
      for (const [name, { seenInReading }] of refused) if (seenInReading !== readings) refused.delete(name);
      const changedRecords = [...changed.values()];
      changed.clear();
      return { changed: changedRecords, gone };
    },
  };
}

/** Returns the rejection of a record that is longer than any report. */
export function tooLarge(name: string): RejectedRecord {
  return { name, reason: 'too_large', detail: `Too long: expected at most ${nodeReportMaxBytes} bytes` };
}

/** Returns the rejection of a key that holds a list, a hash or another type. */
export function wrongType(name: string): RejectedRecord {
  return { name, reason: 'wrong_type', detail: 'Wrong type: expected a string' };
}

/** Returns the rejection of a report that neither changes nor expires. */
export function noExpiry(name: string): RejectedRecord {
  return {
    name,
    reason: 'no_expiry',
    detail: 'No expiry: expected a TTL of at most 300 s (SET … PX), because the report no longer changes',
  };
}

/** Returns the rejection of a key that is not a node key. */
export function badKey(name: string): RejectedRecord {
  return { name, reason: 'bad_key', detail: 'expected turn:node:<region>:<id> with names of a–z, 0–9 and "-"' };
}

function parseRecord(name: string, text: string): NodeRecord | RejectedRecord {
  const key = parseRedisKey(name);
  if (key === undefined) return badKey(name);
  const parsed = parseNodeReport(text);
  if (parsed.ok) return { key, report: parsed.report };
  return parsed.reason === 'too_large'
    ? tooLarge(name)
    : { name, reason: parsed.reason, detail: textFromFaults(parsed.faults) };
}

function textFromFaults(faults: readonly FieldFault[]): string {
  return faults.map(({ field, detail }) => (field === '' ? detail : `${field}: ${detail}`)).join('; ');
}
