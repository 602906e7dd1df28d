import { parseApiKeyRecord, type ApiKeyRecord, type ParsedEntry } from '@turn-router/contract/registry';
import { containsApiKey } from '@turn-router/turn-credentials';
import { importEntries, type ImportRequest, type ImportResult } from '../import-entries.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';

/** Stores keys from a copy or a backup, which contains hashes of the keys. @throws OperationError `invalid`, `conflict` */
export async function importKeys(
  { keys, trail }: Pick<OperationParts, 'keys' | 'trail'>,
  actor: string,
  request: ImportRequest,
): Promise<ImportResult> {
  const result = await importEntries(keys, parseKey, request);
  for (const id of result.added) trail.record(printableEvent({ actor, action: 'key.imported', subject: id }));
  for (const id of result.replaced) {
    trail.record(printableEvent({ actor, action: 'key.imported', subject: id, detail: { isReplaced: true } }));
  }
  return result;
}

/** Refuses a key in the record. Only its hash may be stored. */
function parseKey(id: string, text: string): ParsedEntry<ApiKeyRecord> {
  if (!containsApiKey(text)) return parseApiKeyRecord(id, text);
  return { ok: false, faults: [{ field: '', detail: 'Contains an API key: expected only its hash in secrets' }] };
}
