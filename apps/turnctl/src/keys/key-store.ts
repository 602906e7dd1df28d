import { parseApiKeyRecord, type ApiKeyRecord } from '@turn-router/contract';
import { createRedisApiKeys, RegistryError, type ApiKeyStore } from '@turn-router/registry';
import type { Environment } from '@turn-router/settings';
import { CommandFault } from '../command-fault.ts';
import { connectionOfTurnctl } from '../connection-of-turnctl.ts';
import { findFirstRedisUrl } from '../first-redis-url.ts';

/** @throws CommandFault when REDIS_URL is not set, or Redis cannot do what is asked */
export async function inKeyStore<T>(environment: Environment, work: (store: ApiKeyStore) => Promise<T>): Promise<T> {
  const url = findFirstRedisUrl(environment);
  if (url === undefined)
    throw new CommandFault(
      'REDIS_URL: Missing: expected the Redis that holds the keys; those in a file are changed there',
    );
  await using store = createRedisApiKeys({ url, ...connectionOfTurnctl });
  try {
    return await work(store);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new CommandFault(error.message);
  }
}

/** The key with this id, as text and as what it says. @throws CommandFault when there is none */
export async function findKey(store: ApiKeyStore, id: string): Promise<{ text: string; record: ApiKeyRecord }> {
  const text = (await store.readAll())?.get(id);
  if (text === undefined) throw new CommandFault(`${JSON.stringify(id)}: no key has this id (turnctl keys list)`);
  const parsed = parseApiKeyRecord(id, text);
  if (!parsed.ok) throw new CommandFault(`${JSON.stringify(id)}: what is stored is no key: revoke it`);
  return { text, record: parsed.record };
}

/** @throws CommandFault when somebody else was faster */
export async function replaceKey(
  store: ApiKeyStore,
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
