import { faultsFromZodError } from '@turn-router/contract/http';
import { apiKeyIdSchema, apiKeyRecordSchema, type ApiKeyRecord } from '@turn-router/contract/registry';
import { OperationError } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';
import { newSecret } from './new-secret.ts';

export type KeyWish = {
  /** Names the application, in the key and in logs. */
  readonly id: string;
  /** What the key may be used for. */
  readonly scope: Omit<ApiKeyRecord, 'secrets'>;
};

export type NewKey = {
  readonly id: string;
  /** To be shown this once. */
  readonly key: string;
  /** What is stored of it. */
  readonly record: ApiKeyRecord;
};

/** A key that stands nowhere yet: for `createKey`, or for a file of API keys. @throws OperationError `invalid` */
export function newKey({ id, scope }: KeyWish, parts: Pick<OperationParts, 'nowMs' | 'randomBytes'>): NewKey {
  const { key, stored } = newSecret(id, parts);
  const parsedId = apiKeyIdSchema.safeParse(id);
  const parsed = apiKeyRecordSchema.safeParse({ secrets: [stored], ...scope });
  if (parsedId.success && parsed.success) return { id, key, record: parsed.data };
  throw new OperationError('invalid', [
    ...(parsedId.error?.issues ?? []).map(({ message }) => ({ field: 'id', detail: message })),
    ...(parsed.success ? [] : faultsFromZodError(parsed.error)),
  ]);
}

/** Stores a new key. @throws OperationError `exists` */
export async function createKey(
  { keys, trail }: Pick<OperationParts, 'keys' | 'trail'>,
  actor: string,
  { id, record }: NewKey,
): Promise<void> {
  if (!(await keys.replace(id, undefined, JSON.stringify(record)))) throw new OperationError('exists');
  const { label } = record;
  const detail = label === undefined ? {} : { detail: { label } };
  trail.record(printableEvent({ actor, action: 'key.created', subject: id, ...detail }));
}
