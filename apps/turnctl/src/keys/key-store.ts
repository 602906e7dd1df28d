import { parseApiKeyRecord, type ApiKeyRecord } from '@turn-router/contract';
import {
  createRedisApiKeys,
  findRedisUrlFault,
  parseRedisUrls,
  RegistryError,
  type HashStore,
} from '@turn-router/registry';
import { readSettings, type Environment } from '@turn-router/settings';
import { z } from 'zod';
import { CommandFault } from '../command-fault.ts';

const settings = {
  REDIS_URL: {
    meaning: 'The Redis of the routers; of several, the first holds the keys',
    expected: 'the Redis that holds the keys; those in a file are changed there',
    schema: z.string(),
    secret: true,
  },
} as const;

/**
 * Where the routers' REDIS_URL says that keys are; undefined when it is not set.
 *
 * @throws CommandFault when it cannot be used
 */
export function findKeyStoreUrl(environment: Environment): string | undefined {
  const read = readSettings(
    {
      settings,
      findFaults({ REDIS_URL: urls }) {
        const detail = urls === undefined ? undefined : findRedisUrlFault(urls);
        return detail === undefined ? [] : [{ field: 'REDIS_URL', detail }];
      },
      configFrom: ({ REDIS_URL }) => parseRedisUrls(REDIS_URL ?? '')[0],
    },
    environment,
  );
  if (!read.ok) throw new CommandFault(read.faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  return read.config;
}

/** @throws CommandFault when REDIS_URL is not set, or Redis cannot do what is asked */
export async function inKeyStore<T>(environment: Environment, work: (store: HashStore) => Promise<T>): Promise<T> {
  const url = findKeyStoreUrl(environment);
  if (url === undefined) throw new CommandFault(`REDIS_URL: Missing: expected ${settings.REDIS_URL.expected}`);
  await using store = createRedisApiKeys({
    url,
    name: 'turnctl',
    random: () => 0,
    monotonicNowMs: () => performance.now(),
    // A person waits: longer than a router's loop.
    commandTimeoutMs: 5_000,
  });
  try {
    return await work(store);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new CommandFault(error.message);
  }
}

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
