import type { FieldFault } from '@turn-router/contract/http';
import { nodeReportMaxBytes, parseNodeReport, parseRedisKey, type NodeKey } from '@turn-router/contract/registry';
import type { FollowedReading, NodeRecord, RejectedRecord } from '../../nodes/node-registry.ts';

/** Reads what stands in Redis, and tells what has changed from one reading to the next. */
export interface RecordReader {
  beginReading(): void;
  /** Why this key can hold no report, whatever its text; or undefined. */
  rejectName(name: string): RejectedRecord | undefined;
  /** The record under this key, or why it is none. */
  read(name: string, text: string): NodeRecord | RejectedRecord;
  /** All of a reading has been read: what has changed since the last one that came to this. A record that was not in it is gone. */
  endReading(): Pick<FollowedReading, 'changed' | 'gone'>;
}

/**
 * A fleet that reports every 5 s and is read every 0.4 s shows eleven texts in twelve again, so most of the parsing falls away. Only
 * good records are kept: they are few KiB each at most, while a bad one may be of any size.
 */
export function createRecordReader(): RecordReader {
  const known = new Map<string, { text: string; record: NodeRecord; seenInReading: number }>();
  /** By name, since the last reading that ended. */
  const changed = new Map<string, NodeRecord>();
  let readings = 0;
  let seen = 0;

  function saw(entry: { seenInReading: number }): void {
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

  return {
    beginReading() {
      readings += 1;
      seen = 0;
    },
    rejectName: (name) => (known.has(name) || parseRedisKey(name) !== undefined ? undefined : badKey(name)),
    read(name, text) {
      const entry = known.get(name);
      if (entry?.text === text) {
        saw(entry);
        return entry.record;
      }
      const record = parseRecord(name, text);
      if ('report' in record) {
        const next = { text, record, seenInReading: entry?.seenInReading ?? 0 };
        known.set(name, next);
        changed.set(name, record);
        saw(next);
      }
      return record;
    },
    endReading() {
      const gone = forgetUnseen();
      const told = [...changed.values()];
      changed.clear();
      return { changed: told, gone };
    },
  };
}

/** What `read` says of a text that is longer than any report. */
export function tooLarge(name: string): RejectedRecord {
  return { name, reason: 'too_large', detail: `Too long: expected at most ${nodeReportMaxBytes} bytes` };
}

function badKey(name: string): RejectedRecord {
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
