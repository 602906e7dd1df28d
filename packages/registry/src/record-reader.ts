import { parseNodeReport, parseRedisKey, type FieldFault } from '@turn-router/contract';
import type { NodeRecord, RejectedRecord } from './node-registry.ts';

/** Reads what stands in Redis, and knows again what it has read before. */
export interface RecordReader {
  /** The record under this key, or why it is none. The same record object while its text is the same. */
  read(name: string, text: string): NodeRecord | RejectedRecord;
  /** Forgets all records but these. */
  retain(records: readonly NodeRecord[]): void;
}

/**
 * A fleet that reports every 5 s and is read every 0.4 s shows eleven texts in twelve again, so most of the parsing falls away. Only
 * good records are kept: they are few KiB each at most, while a bad one may be of any size.
 */
export function createRecordReader(): RecordReader {
  const known = new Map<string, { text: string; record: NodeRecord }>();
  return {
    read(name, text) {
      const entry = known.get(name);
      if (entry?.text === text) return entry.record;
      const record = parseRecord(name, text);
      if ('report' in record) known.set(name, { text, record });
      return record;
    },
    retain(records) {
      const current = new Set(records);
      for (const [name, { record }] of known) {
        if (!current.has(record)) known.delete(name);
      }
    },
  };
}

function parseRecord(name: string, text: string): NodeRecord | RejectedRecord {
  const key = parseRedisKey(name);
  if (key === undefined) {
    return { name, reason: 'bad_key', detail: 'expected turn:node:<region>:<id> with names of a–z, 0–9 and "-"' };
  }
  const parsed = parseNodeReport(text);
  return parsed.ok
    ? { key, report: parsed.report }
    : { name, reason: parsed.reason, detail: textFromFaults(parsed.faults) };
}

function textFromFaults(faults: readonly FieldFault[]): string {
  return faults.map(({ field, detail }) => (field === '' ? detail : `${field}: ${detail}`)).join('; ');
}
