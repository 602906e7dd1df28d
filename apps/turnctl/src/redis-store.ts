import {
  findRedisUrlFault,
  parseRedisUrls,
  RegistryError,
  type HashStore,
  type RedisHashOptions,
} from '@turn-router/registry';
import { readSettings, type Environment } from '@turn-router/settings';
import { z } from 'zod';
import { CommandFault } from './command-fault.ts';

const settings = {
  REDIS_URL: {
    meaning: 'The Redis of the routers; of several, the first',
    expected: 'the Redis of the routers',
    schema: z.string(),
    secret: true,
  },
} as const;

/**
 * The first Redis of the routers' REDIS_URL; undefined when it is not set.
 *
 * @throws CommandFault when it cannot be used
 */
export function findStoreUrl(environment: Environment): string | undefined {
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

export type StoreKind = {
  readonly open: (options: RedisHashOptions) => HashStore;
  /** What the user is told to set when REDIS_URL is not. */
  readonly expected: string;
};

/** @throws CommandFault when REDIS_URL is not set, or Redis cannot do what is asked */
export async function inStore<T>(
  { open, expected }: StoreKind,
  environment: Environment,
  work: (store: HashStore) => Promise<T>,
): Promise<T> {
  const url = findStoreUrl(environment);
  if (url === undefined) throw new CommandFault(`REDIS_URL: Missing: expected ${expected}`);
  await using store = open({
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
