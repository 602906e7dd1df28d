import type { AuditAction } from '@turn-router/contract/registry';
import type { Cluster, Redis } from 'ioredis';
import { connectToRedis } from '../redis/deployment/connect-to-redis.ts';
import { badReply, fieldsFrom, wholeNumberFrom } from '../redis/replies.ts';
import { RegistryError } from '../registry-error.ts';
import { findHashLoss, mayReportHeld, reportHeld } from './hash-loss.ts';
import { createSizeCheck } from './hash-size.ts';
import type { EntryReplacement, HashStore } from './hash-store.ts';
import { entriesMax, markerField, replaceEntries } from './replace-entries.ts';

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
  /** The audit actions that only a change of this hash records. */
  readonly auditActions: readonly AuditAction[];
};

/** The commands of one reading are not one step: Redis may lose or change the hash in between. */
type Reading = Map<string, string> | 'missing' | 'changing';

/**
 * Opens a hash in Redis on a separate connection, so that a large hash does not delay node reports. Reads from the primary, because a
 * replica may still have a removed entry.
 *
 * @throws RedisUrlFault
 */
export function createRedisHash(
  { key, what, auditActions }: RedisHashContent,
  { url, commandTimeoutMs = 1000, onCheckSkipped, ...options }: RedisHashOptions & HashSizeEvents,
): HashStore {
  const deployment = connectToRedis(url, { ...options, commandTimeoutMs });
  const checkSize = createSizeCheck(key, () => onCheckSkipped?.('MEMORY USAGE'));
  const marker = `${what} of turn-router; write them with turnctl`;
  /** Whether a caller has seen the hash. If Redis then loses it, no change may create it again before the caller has asked `findLoss`. */
  let wasSeen = false;

  const replaceAll = (replacements: readonly EntryReplacement[]): Promise<boolean> =>
    deployment.write(async (redis) => {
      const answer = await replaceEntries(redis, { key, marker, mustExist: wasSeen }, replacements);
      if (answer === -1) {
        throw new RegistryError(
          'refused',
          `${key} already holds ${entriesMax} ${what}, the maximum: remove some first`,
        );
      }
      if (answer !== 0 && answer !== 1) throw badReply('expected 0, 1 or -1 from EVAL');
      return answer === 1;
    });
  async function readOnce(redis: Redis | Cluster): Promise<Reading> {
    const count = wholeNumberFrom('HLEN', await redis.hlen(key));
    if (count === 0) return 'missing';
    if (count > entriesMax + 1) {
      throw new RegistryError('refused', `${key} has ${count} fields: expected at most ${entriesMax} ${what}`);
    }
    await checkSize(redis);
    const fields = fieldsFrom('HGETALL', await redis.hgetall(key));
    // A hash that exists has at least one field. So it has disappeared since it was counted.
    if (fields.size === 0) return 'missing';
    return fields.size < count ? 'changing' : fields;
  }

  return {
    readAll: () =>
      deployment.write(async (redis) => {
        let reading = await readOnce(redis);
        // An entry was removed between the two commands, or Redis has lost a part of the hash.
        if (reading === 'changing') reading = await readOnce(redis);
        if (reading === 'changing') throw badReply('expected as many fields from HGETALL as from HLEN');
        if (reading === 'missing') return undefined;
        wasSeen = true;
        reading.delete(markerField);
        return reading;
      }),
    replace: (name, expected, next) => replaceAll([{ name, expected, next }]),
    replaceAll,
    async findLoss() {
      const count = await deployment.write(async (redis) => wholeNumberFrom('HLEN', await redis.hlen(key)));
      wasSeen = count > 0;
      return wasSeen ? undefined : findHashLoss(deployment, key, auditActions);
    },
    mayReportHeld: () => mayReportHeld(deployment, key),
    reportHeld: (entries) => deployment.write((redis) => reportHeld(redis, key, entries)),
    [Symbol.asyncDispose]() {
      deployment.close();
      return Promise.resolve();
    },
  };
}
