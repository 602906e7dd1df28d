import {
  nodeReportMaxBytes,
  parseNodeReport,
  parseRedisKey,
  type FieldFault,
  type NodeKey,
} from '@turn-router/contract';
import type { NodeRecord, RejectedRecord } from '../node-registry.ts';

/** Reads what stands in Redis, and knows again what it has read before. */
export interface RecordReader {
  /** Why this key can hold no report, whatever its text; or undefined. */
  rejectName(name: string): RejectedRecord | undefined;
  /** The record under this key, or why it is none. The same record object while its text is the same. */
  read(name: string, text: string): NodeRecord | RejectedRecord;
  /** All of a reading has been read: forgets every record that was not in it. */
  endReading(): void;
}

/**
 * A fleet that reports every 5 s and is read every 0.4 s shows eleven texts in twelve again, so most of the parsing falls away. Only
 * good records are kept: they are few KiB each at most, while a bad one may be of any size.
 */
export function createRecordReader(): RecordReader {
  const known = new Map<string, { text: string; record: NodeRecord; seenInReading: number }>();
  let readings = 0;
  let seen = 0;

  function saw(entry: { seenInReading: number }): void {
    if (entry.seenInReading === readings) return;
    entry.seenInReading = readings;
    seen += 1;
  }

  return {
    rejectName: (name) => (known.has(name) || parseRedisKey(name) !== undefined ? undefined : badKey(name)),
    read(name, text) {
      const entry = known.get(name);
      if (entry?.text === text) {
        saw(entry);
        return entry.record;
      }
      const record = parseRecord(name, text, entry?.record.key);
      if ('report' in record) {
        const next = { text, record, seenInReading: entry?.seenInReading ?? -1 };
        known.set(name, next);
        saw(next);
      }
      return record;
    },
    endReading() {
      if (known.size > seen) {
        for (const [name, { seenInReading }] of known) if (seenInReading !== readings) known.delete(name);
      }
      readings += 1;
      seen = 0;
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

/** @param knownKey the key object of an earlier record of this name: the same one again lets readers see quickly that a fleet is the same */
function parseRecord(name: string, text: string, knownKey: NodeKey | undefined): NodeRecord | RejectedRecord {
  const key = knownKey ?? parseRedisKey(name);
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
