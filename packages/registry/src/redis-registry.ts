import {
  nodeKeyGlob,
  parseNodeReport,
  parseRedisKey,
  redisKeyFromNodeKey,
  type FieldFault,
} from '@turn-router/contract';
import type { Redis } from 'ioredis';
import { connectToRedis, type RedisConnectionOptions } from './connect-to-redis.ts';
import type { NodeRecord, NodeRegistry, RegistryReading, RejectedRecord } from './node-registry.ts';

/** Keys asked for in one step, so that no single command holds Redis up: at 4 KiB each, 2 MiB an answer. */
const batchSize = 512;

/** The registry in Redis: one key a node, `turn:node:<region>:<id>`, gone by itself when its reporter falls silent. */
export function createRedisRegistry(options: RedisConnectionOptions): NodeRegistry {
  const { redis, run, close } = connectToRedis(options);
  return {
    put: (key, report, ttlMs) =>
      run(async () => {
        await redis.set(redisKeyFromNodeKey(key), JSON.stringify(report), 'PX', ttlMs);
      }),
    remove: (key) =>
      run(async () => {
        await redis.del(redisKeyFromNodeKey(key));
      }),
    readAll: async () => readRecords(await run(() => scanNames(redis)), (names) => run(() => redis.mget(names))),
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
): Promise<RegistryReading> {
  const records: NodeRecord[] = [];
  const rejected: RejectedRecord[] = [];
  for (let start = 0; start < names.length; start += batchSize) {
    const batch = names.slice(start, start + batchSize);
    // One after the other: Redis serves others in between.
    const values = await getValues(batch);
    for (const [index, name] of batch.entries()) {
      const record = readRecord(name, values[index]);
      if (record === undefined) continue;
      if ('reason' in record) rejected.push(record);
      else records.push(record);
    }
  }
  return { records, rejected };
}

/** Undefined when the key has expired since it was listed. */
function readRecord(name: string, value: string | null | undefined): NodeRecord | RejectedRecord | undefined {
  const key = parseRedisKey(name);
  if (key === undefined) {
    return { name, reason: 'bad_key', detail: 'expected turn:node:<region>:<id> with names of a–z, 0–9 and "-"' };
  }
  if (value === null || value === undefined) return undefined;
  const parsed = parseNodeReport(value);
  return parsed.ok
    ? { key, report: parsed.report }
    : { name, reason: parsed.reason, detail: textFromFaults(parsed.faults) };
}

function textFromFaults(faults: readonly FieldFault[]): string {
  return faults.map(({ field, detail }) => (field === '' ? detail : `${field}: ${detail}`)).join('; ');
}
