import { parseNodeReport, parseRedisKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';
import type { SnapshotFault } from './snapshot-fault.ts';
import { parseSnapshotHeader, type SnapshotHeader } from './snapshot-header.ts';
import type { StoredSnapshot } from './stored-snapshot.ts';

export type ParsedSnapshot =
  /** `rejectedCount`: how many lines were no record, or one of a node that had been read already. */
  | ({ readonly ok: true; readonly rejectedCount: number } & StoredSnapshot)
  | { readonly ok: false; readonly fault: SnapshotFault };

/** Reads the lines of one file, which anybody may have written. Never throws. */
export interface SnapshotParser {
  /** @param line undefined: one that was too long to be read */
  add(line: string | undefined): void;
  /** What the lines so far are as a whole. A file that is not whole has no records. */
  result(): ParsedSnapshot;
}

/** A key needs no escapes in JSON, so neither part has to be parsed to find where the report begins. */
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
    // Nothing can make such a file whole: the rest of it is not worth the time.
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
    if (countAtEnd === undefined) return refused({ code: 'truncated', detail: 'there is no last line' });
    if (hasMoreAfterEnd) return refused({ code: 'truncated', detail: 'there is more after the last line' });
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
