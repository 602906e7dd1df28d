import { RegistryError, type HashStore, type RedisHashOptions } from '@turn-router/registry';
import type { Environment } from '@turn-router/settings';
import { CommandFault } from './command-fault.ts';
import { connectionOfTurnctl } from './connection-of-turnctl.ts';
import { findFirstRedisUrl } from './first-redis-url.ts';

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
  const url = findFirstRedisUrl(environment);
  if (url === undefined) throw new CommandFault(`REDIS_URL: Missing: expected ${expected}`);
  await using store = open({ url, ...connectionOfTurnctl });
  try {
    return await work(store);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new CommandFault(error.message);
  }
}
