import { createRedisTurnSecrets, RegistryError, type TurnSecretStore } from '@turn-router/registry';
import { findMasterKeysFault, readSettings, turnNodeSettings, type Environment } from '@turn-router/settings';
import type { KeyRing } from '@turn-router/turn-credentials';
import { CommandFault } from '../command-fault.ts';
import { findRealmFault, realmFrom, realmSettings } from '../config/realm.ts';
import { redisConnection } from '../first-redis.ts';
import { coturnRedisSettings, findCoturnRedisFault } from './coturn-redis.ts';
import { readKeys, type Warn } from './read-keys.ts';

const { TURN_SECRET_MODE } = turnNodeSettings;

export type StoredSecrets = {
  readonly realm: string;
  /** Ids of all stored keys, newest first. */
  readonly ids: readonly string[];
  /** Ids of the keys that were not stored before. */
  readonly added: readonly string[];
  /** The number of secrets that were stored before and are not in TURN_SECRETS. */
  readonly others: number;
};

/**
 * Stores the secrets of TURN_SECRETS in the Redis of a coturn. Adds before it removes, so that coturn accepts one of the secrets at every moment.
 *
 * @param removesOthers whether secrets that are not in TURN_SECRETS are removed
 * @throws CommandFault with all faults of the settings, or if Redis fails; the message contains no secret
 */
export async function storeSecrets(
  environment: Environment,
  { removesOthers }: { readonly removesOthers: boolean },
  warn: Warn,
): Promise<StoredSecrets> {
  const { ring, realm, url } = readStore(environment, warn);
  await using store = createRedisTurnSecrets({ url, realm, ...redisConnection });
  try {
    return { realm, ...(await writeSecrets(store, ring, removesOthers)) };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const remedy =
      error.fault === 'no_permission' ? `: create a user with "npm run redis-acl -- --secret-store ${realm}"` : '';
    throw new CommandFault(`COTURN_REDIS_URL: ${error.message}${remedy}`, { cause: error });
  }
}

async function writeSecrets(
  store: TurnSecretStore,
  { keys }: KeyRing,
  removesOthers: boolean,
): Promise<Omit<StoredSecrets, 'realm'>> {
  const before = await store.readAll();
  const [newest, ...older] = keys;
  await store.add([newest.secret, ...older.map(({ secret }) => secret)]);
  const [other, ...others] = [...before].filter((stored) => keys.every(({ secret }) => secret !== stored));
  if (removesOthers && other !== undefined) await store.remove([other, ...others]);
  return {
    ids: keys.map(({ id }) => id),
    added: keys.filter(({ secret }) => !before.has(secret)).map(({ id }) => id),
    others: other === undefined ? 0 : 1 + others.length,
  };
}

function readStore(environment: Environment, warn: Warn): { ring: KeyRing; realm: string; url: string } {
  const store = readSettings(
    {
      settings: { ...realmSettings, TURN_SECRET_MODE, ...coturnRedisSettings },
      findFaults: (values) => [
        ...findRealmFault(values),
        ...findMasterKeysFault(values),
        ...findCoturnRedisFault(values),
      ],
      configFrom: (values) => ({ realm: realmFrom(values), url: values.COTURN_REDIS_URL }),
    },
    environment,
  );
  const ring = readKeys(environment, warn);
  if (store.ok && ring.ok) return { ring: ring.config, ...store.config };
  const faults = [store, ring].flatMap((read) => (read.ok ? [] : read.faults));
  throw new CommandFault(faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
}
