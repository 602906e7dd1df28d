import { faultsFromZodError } from '@turn-router/contract/http';
import { apiKeyIdSchema, apiKeyRecordSchema, type ApiKeyRecord } from '@turn-router/contract/registry';
import { assertNotLost } from '../entries.ts';
import { OperationError } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';
import { newSecret } from './new-secret.ts';

export type KeyRequest = {
  /** Identifies the application in the key and in logs. */
  readonly id: string;
  /** Limits on the use of the key. If the key has origins, its callers count as anonymous unless `anonymous_callers` is false. */
  readonly scope: Omit<ApiKeyRecord, 'secrets'>;
};

export type NewKey = {
  readonly id: string;
  /** The key itself. Show it once and do not store it. */
  readonly key: string;
  /** The stored record. It contains a hash of the key. */
  readonly record: ApiKeyRecord;
};

/** Generates a key, but does not store it. Pass the result to `createKey`, or write it to a file of API keys. @throws OperationError `invalid` */
export function newKey({ id, scope }: KeyRequest, parts: Pick<OperationParts, 'nowMs' | 'randomBytes'>): NewKey {
  const { key, stored } = newSecret(id, parts);
  const parsedId = apiKeyIdSchema.safeParse(id);
  // A key with origins is for web pages, so everybody can read it.
  const { anonymous_callers = scope.origins === undefined ? undefined : true } = scope;
  const parsed = apiKeyRecordSchema.safeParse({ secrets: [stored], ...scope, anonymous_callers });
  if (parsedId.success && parsed.success) return { id, key, record: parsed.data };
  throw new OperationError('invalid', [
    ...(parsedId.error?.issues ?? []).map(({ message }) => ({ field: 'id', detail: message })),
    ...(parsed.success ? [] : faultsFromZodError(parsed.error)),
  ]);
}

/**
 * Stores a new key.
 *
 * @param options `startsAnew`: also stores the key if Redis has lost all keys. Routers then refuse all keys that they still hold
 * @throws OperationError `exists`, `keys_lost`
 */
export async function createKey(
  { keys, trail }: Pick<OperationParts, 'keys' | 'trail'>,
  actor: string,
  { id, record }: NewKey,
  { startsAnew = false }: { readonly startsAnew?: boolean } = {},
): Promise<void> {
  if (!startsAnew) await assertNotLost(keys, 'keys_lost');
  if (!(await keys.replace(id, undefined, JSON.stringify(record)))) throw new OperationError('exists');
  const { label } = record;
  const detail = label === undefined ? {} : { detail: { label } };
  trail.record(printableEvent({ actor, action: 'key.created', subject: id, ...detail }));
}
