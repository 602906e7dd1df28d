import { parseNodeReport, parseRedisKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';
import type { SnapshotFault } from './snapshot-fault.ts';
import { parseSnapshotHeader, type SnapshotHeader } from './snapshot-header.ts';
import type { StoredSnapshot } from './stored-snapshot.ts';

export type ParsedSnapshot =
  /** `rejectedCount`: the number of lines with an invalid record, or with a second record of the same node. */
  | ({ readonly ok: true; readonly rejectedCount: number } & StoredSnapshot)
  | { readonly ok: false; readonly fault: SnapshotFault };

/** Parses the lines of one file, which may be invalid. Never throws. */
export interface SnapshotParser {
  /** @param line undefined: a line that was too long */
  add(line: string | undefined): void;
  /** Returns the result for all lines so far. An incomplete file yields no records. */
  result(): ParsedSnapshot;
}

/** A key contains no JSON escapes, so a pattern can separate it from the report. */
const recordLine = /^\["([^"\\]*)",(.*)\]$/s;
const endLine = /^\{"records":(\d{1,9})\}$/;

export function createSnapshotParser(): SnapshotParser {
  const records = new Map<string, NodeRecord>();
  let header: SnapshotHeader | SnapshotFault | undefined;
  let recordLines = 0;
  let countAtEnd: number | undefined;
  let hasMoreAfterEnd = false;

  function addRecord(line: string | undefined): void {
    recordLines += 1;
    const [, name, text] = recordLine.exec(line ?? '') ?? [];
    if (name === undefined || text === undefined || records.has(name)) return;
    const key = parseRedisKey(name);
    const parsed = parseNodeReport(text);
    if (key !== undefined && parsed.ok) records.set(name, { key, report: parsed.report });
  }

  function add(line: string | undefined): void {
    if (header === undefined) {
      header = parseSnapshotHeader(line ?? '');
      return;
    }
    // The file is invalid already: parsing the rest would only take time.
    if ('code' in header || hasMoreAfterEnd) return;
    if (countAtEnd !== undefined) {
      hasMoreAfterEnd = true;
      return;
    }
    const [, count] = endLine.exec(line ?? '') ?? [];
    if (count === undefined) addRecord(line);
    else countAtEnd = Number(count);
  }

  function result(): ParsedSnapshot {
    if (header === undefined) return refused({ code: 'truncated', detail: 'the file is empty' });
    if ('code' in header) return refused(header);
    if (countAtEnd === undefined) return refused({ code: 'truncated', detail: 'the closing line is missing' });
    if (hasMoreAfterEnd) return refused({ code: 'truncated', detail: 'the file continues after the closing line' });
    if (countAtEnd !== recordLines) {
      return refused({ code: 'truncated', detail: `expected ${countAtEnd} records, found ${recordLines}` });
    }
    return { ok: true, ...header, records: [...records.values()], rejectedCount: recordLines - records.size };
  }

  return { add, result };
}

function refused(fault: SnapshotFault): ParsedSnapshot {
  return { ok: false, fault };
}
