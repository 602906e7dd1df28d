import type { ConnectionOptions } from '../redis/connection/connection-settings.ts';
import { connectToRedis } from '../redis/deployment/connect-to-redis.ts';
import { textsFrom, wholeNumberFrom } from '../redis/replies.ts';
import { turnSecretsKey } from './turn-secrets-key.ts';

/** The secrets of one realm that coturn accepts. coturn reads them at every check, so a change has an effect at once. */
export interface TurnSecretStore extends AsyncDisposable {
  readonly readAll: () => Promise<ReadonlySet<string>>;
  /** Adding a stored secret changes nothing. */
  readonly add: (secrets: readonly [string, ...string[]]) => Promise<void>;
  /** Removing a missing secret changes nothing. */
  readonly remove: (secrets: readonly [string, ...string[]]) => Promise<void>;
}

/**
 * Opens the secrets of a realm in the Redis of a coturn with `redis-userdb`. All calls reject with RegistryError only.
 *
 * @throws RedisUrlFault
 */
export function createRedisTurnSecrets({
  url,
  realm,
  ...options
}: ConnectionOptions & { readonly url: string; readonly realm: string }): TurnSecretStore {
  const deployment = connectToRedis(url, options);
  const key = turnSecretsKey(realm);
  return {
    readAll: () => deployment.write(async (redis) => new Set(textsFrom('SMEMBERS', await redis.smembers(key)))),
    add: (secrets) =>
      deployment.write(async (redis) => void wholeNumberFrom('SADD', await redis.sadd(key, ...secrets))),
    remove: (secrets) =>
      deployment.write(async (redis) => void wholeNumberFrom('SREM', await redis.srem(key, ...secrets))),
    [Symbol.asyncDispose]() {
      deployment.close();
      return Promise.resolve();
    },
  };
}
