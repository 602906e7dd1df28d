import type { SnapshotFault } from './snapshot-fault.ts';
import { snapshotFormat } from './snapshot-text.ts';
import type { StoredSnapshot } from './stored-snapshot.ts';

export type SnapshotHeader = Pick<StoredSnapshot, 'savedAt' | 'serverId'>;

/** Parses the first line of a snapshot file. */
export function parseSnapshotHeader(line: string): SnapshotHeader | SnapshotFault {
  const fields = parseObject(line);
  if (fields.get('format') !== snapshotFormat.format) {
    return { code: 'not_a_snapshot', detail: `expected the format ${snapshotFormat.format}` };
  }
  if (fields.get('version') !== snapshotFormat.version) {
    return { code: 'not_a_snapshot', detail: `expected version ${snapshotFormat.version}` };
  }
  const savedAt = new Date(String(fields.get('savedAt')));
  if (Number.isNaN(savedAt.getTime())) return { code: 'not_a_snapshot', detail: 'expected a time in savedAt' };
  const serverId = fields.get('serverId');
  return { savedAt, serverId: typeof serverId === 'string' ? serverId : undefined };
}

/** Returns the fields of a JSON object, or no fields for any other text. */
function parseObject(text: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return new Map(Object.entries(value ?? {}));
  } catch {
    return new Map();
  }
}
