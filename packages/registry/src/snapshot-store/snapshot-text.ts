import { redisKeyFromNodeKey } from '@turn-router/contract/registry';
import type { StoredSnapshot } from './stored-snapshot.ts';

/** Identifies the file format. `version` increases when an older router can no longer read the file. */
export const snapshotFormat = { format: 'turn-router-snapshot', version: 1 } as const;

/** UTF-16 units per piece: about a hundred records, which take well under a millisecond. */
const batchLength = 32_768;

/**
 * Generates a snapshot as NDJSON, in pieces of many lines each, so that a large one does not block the event loop:
 *
 *     {"format":"turn-router-snapshot","version":1,"savedAt":"2026-11-21T08:00:00.000Z","serverId":"…"}
 *     ["turn:node:<region>:<id>",{…}]     one line per record: its key and its value in Redis
 *     {"records":1}                       the number of records: without this line the file is incomplete
 */
export function* textFromSnapshot({ records, savedAt, serverId }: StoredSnapshot): Generator<string> {
  let text = `${JSON.stringify({ ...snapshotFormat, savedAt, serverId })}\n`;
  for (const { key, report } of records) {
    text += `["${redisKeyFromNodeKey(key)}",${JSON.stringify(report)}]\n`;
    if (text.length >= batchLength) {
      yield text;
      text = '';
    }
  }
  yield `${text}${JSON.stringify({ records: records.length })}\n`;
}
