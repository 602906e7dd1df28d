import { connectToRedis } from '../redis/deployment/connect-to-redis.ts';
import { RegistryError } from '../registry-error.ts';
import type { HashStore } from './hash-store.ts';

export type RedisHashOptions = {
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

export type RedisHashContent = {
  readonly key: string;
  /** What its entries are called. */
  readonly what: string;
};

/** More are not read: they would hold up Redis and the router alike, several times a second. */
const entriesMax = 10_000;

/** A field of the hash that is no entry. Redis drops a hash with its last field; with this one, "none" and "all was lost" are two things. */
const markerField = '#';

/**
 * ARGV: name, expected, next, marker; empty for none. A script, so that of two people at work at once one is told.
 *
 * Answers 1 when it is done, 0 when something else stood there, -1 when there are as many as are read.
 */
const replaceScript = `
local current = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if current ~= ARGV[2] then return 0 end
redis.call('HSETNX', KEYS[1], '${markerField}', ARGV[4])
if current == '' and redis.call('HLEN', KEYS[1]) > ${entriesMax} then return -1 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
`;

/**
 * A hash in Redis, over a connection of its own: however large it is, reports do not wait behind it. Read from the primary, as a replica
 * may not yet know what was taken away.
 *
 * @throws RedisUrlFault
 */
export function createRedisHash(
  { key, what }: RedisHashContent,
  { url, commandTimeoutMs = 1000, ...options }: RedisHashOptions,
): HashStore {
  const deployment = connectToRedis(url, { ...options, commandTimeoutMs });
  const marker = `${what} of turn-router; write them with turnctl`;
  return {
    readAll: () =>
      deployment.write(async (redis) => {
        const count = await redis.hlen(key);
        if (count === 0) return undefined;
        if (count > entriesMax + 1) {
          throw new RegistryError('refused', `${key} has ${count} fields: expected at most ${entriesMax} ${what}`);
        }
        const { [markerField]: _marker, ...entries } = await redis.hgetall(key);
        return new Map(Object.entries(entries));
      }),
    replace: (name, expected, next) =>
      deployment.write(async (redis) => {
        const answer = await redis.eval(replaceScript, 1, key, name, expected ?? '', next ?? '', marker);
        if (answer === -1) {
          throw new RegistryError('refused', `${key} holds ${entriesMax} ${what}, and no more are read`);
        }
        return answer === 1;
      }),
    [Symbol.asyncDispose]() {
      deployment.close();
      return Promise.resolve();
    },
  };
}
