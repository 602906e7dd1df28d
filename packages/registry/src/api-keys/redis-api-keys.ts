import { apiKeysRedisKey } from '@turn-router/contract';
import { connectToRedis } from '../redis/connect-to-redis.ts';
import { RegistryError } from '../registry-error.ts';
import type { ApiKeyStore } from './api-key-store.ts';

export type RedisApiKeysOptions = {
  /** One URL, in any form that `parseRedisUrl` reads. */
  readonly url: string;
  /** How this client is called in `CLIENT LIST`. */
  readonly name: string;
  /** Uniform in [0, 1): spreads the reconnects of many replicas. */
  readonly random: () => number;
  readonly monotonicNowMs: () => number;
  /** How long one command may take, ms. */
  readonly commandTimeoutMs?: number;
};

/** More are not read: they would hold up Redis and the router alike, several times a second. */
export const apiKeysMax = 10_000;

/** A field of the hash that is no key. Redis drops a hash with its last field; with this one, "no keys" and "all was lost" are two things. */
const markerField = '#';

/** ARGV: id, expected, next; empty for none. A script, so that of two people at work at once one is told. */
const replaceScript = `
local current = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if current ~= ARGV[2] then return 0 end
redis.call('HSETNX', KEYS[1], '${markerField}', 'API keys of turn-router; write them with turnctl')
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
`;

/**
 * The API keys in the hash `turn:api-keys`, over a connection of their own: however many they are, reports do not wait behind them. Read
 * from the primary, as a replica may not yet know of a revocation.
 *
 * @throws RedisUrlFault
 */
export function createRedisApiKeys({ url, commandTimeoutMs = 1000, ...options }: RedisApiKeysOptions): ApiKeyStore {
  const deployment = connectToRedis(url, { ...options, commandTimeoutMs });
  return {
    readAll: () =>
      deployment.write(async (redis) => {
        const count = await redis.hlen(apiKeysRedisKey);
        if (count === 0) return undefined;
        if (count > apiKeysMax + 1) {
          throw new RegistryError(
            'refused',
            `${apiKeysRedisKey} has ${count} fields: expected at most ${apiKeysMax} keys`,
          );
        }
        const { [markerField]: _marker, ...keys } = await redis.hgetall(apiKeysRedisKey);
        return new Map(Object.entries(keys));
      }),
    replace: (id, expected, next) =>
      deployment.write(
        async (redis) => (await redis.eval(replaceScript, 1, apiKeysRedisKey, id, expected ?? '', next ?? '')) === 1,
      ),
    [Symbol.asyncDispose]() {
      deployment.close();
      return Promise.resolve();
    },
  };
}
