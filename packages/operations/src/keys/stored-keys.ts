import { parseApiKeyRecord, type ApiKeyRecord } from '@turn-router/contract/registry';
import { listEntries, type ListedEntries } from '../entries.ts';
import { OperationError } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';

/** Returns all stored keys by id. A record contains hashes, not secrets. */
export function listKeys({ keys }: Pick<OperationParts, 'keys'>): Promise<ListedEntries<ApiKeyRecord>> {
  return listEntries(keys, parseApiKeyRecord);
}

/** Parses a stored entry. @throws OperationError `not_found`, `not_a_key` */
export function keyFrom(id: string, text: string | undefined): ApiKeyRecord {
  if (text === undefined) throw new OperationError('not_found');
  const parsed = parseApiKeyRecord(id, text);
  if (!parsed.ok) throw new OperationError('not_a_key');
  return parsed.record;
}
