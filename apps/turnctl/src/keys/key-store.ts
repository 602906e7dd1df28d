import { parseApiKeyRecord, type ApiKeyRecord } from '@turn-router/contract/registry';
import { createRedisApiKeys, type HashStore } from '@turn-router/registry';
import { CommandFault } from '../command-fault.ts';
import type { StoreKind } from '../redis-store.ts';

export const keyStore: StoreKind = {
  open: createRedisApiKeys,
  expected: 'the Redis that holds the keys; those in a file are changed there',
};

/** The key with this id, as text and as what it says. @throws CommandFault when there is none */
export async function findKey(store: HashStore, id: string): Promise<{ text: string; record: ApiKeyRecord }> {
  const text = (await store.readAll())?.get(id);
  if (text === undefined) throw new CommandFault(`${JSON.stringify(id)}: no key has this id (turnctl keys list)`);
  const parsed = parseApiKeyRecord(id, text);
  if (!parsed.ok) throw new CommandFault(`${JSON.stringify(id)}: what is stored is no key: revoke it`);
  return { text, record: parsed.record };
}

/** @throws CommandFault when somebody else was faster */
export async function replaceKey(
  store: HashStore,
  id: string,
  expected: string | undefined,
  record: ApiKeyRecord | undefined,
): Promise<void> {
  const next = record === undefined ? undefined : JSON.stringify(record);
  if (await store.replace(id, expected, next)) return;
  throw new CommandFault(
    expected === undefined
      ? `${JSON.stringify(id)}: there is such a key: rotate it, revoke it, or take another id`
      : `${JSON.stringify(id)}: somebody has just changed it: look at it again`,
  );
}
