import { nodeKeyGlob, redisKeyFromNodeKey } from '@turn-router/contract';
import type { Redis } from 'ioredis';
import { announceReplica, replicasKey } from './announce-replica.ts';
import { connectToRedis, type RedisConnectionOptions } from './connect-to-redis.ts';
import {
  replicaLifetimeMs as defaultReplicaLifetimeMs,
  type NodeRecord,
  type NodeRegistry,
  type RegistryReading,
  type RejectedRecord,
} from './node-registry.ts';
import { createRecordReader, type RecordReader } from './record-reader.ts';

export type RedisRegistryOptions = RedisConnectionOptions & {
  /** How long an announced router counts, ms; the same at every router. Default: the constant of that name. */
  replicaLifetimeMs?: number;
};

/** Keys asked for in one step, so that no single command holds Redis up: at 4 KiB each, 2 MiB an answer. */
const batchSize = 512;

/**
 * The registry in Redis: one key a node, `turn:node:<region>:<id>`, gone by itself when its reporter falls silent; and `turn:routers`
 * for the routers.
 */
export function createRedisRegistry(options: RedisRegistryOptions): NodeRegistry {
  const { replicaLifetimeMs = defaultReplicaLifetimeMs, ...connection } = options;
  const { redis, run, close } = connectToRedis(connection);
  const reader = createRecordReader();
  return {
    put: (key, report, ttlMs) =>
      run(async () => {
        await redis.set(redisKeyFromNodeKey(key), JSON.stringify(report), 'PX', ttlMs);
      }),
    remove: (key) =>
      run(async () => {
        await redis.del(redisKeyFromNodeKey(key));
      }),
    readAll: async () => {
      const names = await run(() => scanNames(redis));
      const reading = await readRecords(names, (batch) => run(() => redis.mget(batch)), reader);
      reader.retain(reading.records);
      return reading;
    },
    announceReplica: (replicaId) => run(() => announceReplica(redis, replicaId, replicaLifetimeMs)),
    withdrawReplica: (replicaId) =>
      run(async () => {
        await redis.zrem(replicasKey, replicaId);
      }),
    [Symbol.asyncDispose]: close,
  };
}

/** SCAN, never KEYS, which would stop Redis for as long as it has keys. It may name a key twice. */
async function scanNames(redis: Redis): Promise<string[]> {
  const names = new Set<string>();
  let cursor = '0';
  do {
    // Each step needs the cursor of the one before.
    const [next, found] = await redis.scan(cursor, 'MATCH', nodeKeyGlob, 'COUNT', batchSize);
    for (const name of found) names.add(name);
    cursor = next;
  } while (cursor !== '0');
  return [...names];
}

async function readRecords(
  names: readonly string[],
  getValues: (names: string[]) => Promise<(string | null)[]>,
  reader: RecordReader,
): Promise<RegistryReading> {
  const records: NodeRecord[] = [];
  const rejected: RejectedRecord[] = [];
  for (let start = 0; start < names.length; start += batchSize) {
    const batch = names.slice(start, start + batchSize);
    // One after the other: Redis serves others in between.
    const values = await getValues(batch);
    for (const [index, name] of batch.entries()) {
      const text = values[index];
      // Expired since it was listed.
      if (text === null || text === undefined) continue;
      const record = reader.read(name, text);
      if ('reason' in record) rejected.push(record);
      else records.push(record);
    }
  }
  return { records, rejected };
}
