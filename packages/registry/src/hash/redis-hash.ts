import { badReply, fieldsFrom, wholeNumberFrom } from '../redis/replies.ts';
import { connectToRedis } from '../redis/deployment/connect-to-redis.ts';
import { RegistryError } from '../registry-error.ts';
import { createSizeCheck } from './hash-size.ts';
import type { HashStore } from './hash-store.ts';

export type RedisHashOptions = {
  /** One URL, in any form that `parseRedisUrl` accepts. */
  readonly url: string;
  /** This client's name in `CLIENT LIST`. */
  readonly name: string;
  /** Uniform in [0, 1): spreads the reconnects of many replicas. */
  readonly random: () => number;
  readonly monotonicNowMs: () => number;
  /** Timeout of one command, ms; default 1000. */
  readonly commandTimeoutMs?: number;
};

export type HashSizeEvents = {
  /** Called once when Redis does not permit this command, so that the size of the hash is not checked before it is read. */
  readonly onCheckSkipped?: ((command: 'MEMORY USAGE') => void) | undefined;
};

export type RedisHashContent = {
  readonly key: string;
  /** The plural noun for its entries in messages, such as `API keys`. */
  readonly what: string;
};

/** A larger hash is refused: reading it more than once a second would block Redis and the router. */
const entriesMax = 10_000;

/** A field that keeps the hash in place when the last entry is removed. So an empty hash can be distinguished from a lost one. */
const markerField = '#';

/**
 * Replaces one entry atomically. If two writers change an entry at the same time, the second one fails.
 *
 * ARGV: name, expected, next, marker; an empty string stands for no entry. Returns 1 when replaced, 0 when the current entry is not the
 * expected one, -1 when the hash is full.
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
 * Opens a hash in Redis on a separate connection, so that a large hash does not delay node reports. Reads from the primary, because a
 * replica may still have a removed entry.
 *
 * @throws RedisUrlFault
 */
export function createRedisHash(
  { key, what }: RedisHashContent,
  { url, commandTimeoutMs = 1000, onCheckSkipped, ...options }: RedisHashOptions & HashSizeEvents,
): HashStore {
  const deployment = connectToRedis(url, { ...options, commandTimeoutMs });
  const checkSize = createSizeCheck(key, () => onCheckSkipped?.('MEMORY USAGE'));
  const marker = `${what} of turn-router; write them with turnctl`;
  return {
    readAll: () =>
      deployment.write(async (redis) => {
        const count = wholeNumberFrom('HLEN', await redis.hlen(key));
        if (count === 0) return undefined;
        if (count > entriesMax + 1) {
          throw new RegistryError('refused', `${key} has ${count} fields: expected at most ${entriesMax} ${what}`);
        }
        await checkSize(redis);
        const entries = fieldsFrom('HGETALL', await redis.hgetall(key));
        entries.delete(markerField);
        return entries;
      }),
    replace: (name, expected, next) =>
      deployment.write(async (redis) => {
        const answer = await redis.eval(replaceScript, 1, key, name, expected ?? '', next ?? '', marker);
        if (answer === -1) {
          throw new RegistryError(
            'refused',
            `${key} already holds ${entriesMax} ${what}, the maximum: remove some first`,
          );
        }
        if (answer !== 0 && answer !== 1) throw badReply('expected 0, 1 or -1 from EVAL');
        return answer === 1;
      }),
    [Symbol.asyncDispose]() {
      deployment.close();
      return Promise.resolve();
    },
  };
}
