import { nodeKeyGlob } from '@turn-router/contract/registry';
import type { Redis } from 'ioredis';
import { batchSize } from './shard.ts';

/** SCAN, never KEYS, which would stop Redis for as long as it has keys. It may name a key twice. */
export async function scanNames(redis: Redis): Promise<Set<string>> {
  const names = new Set<string>();
  let cursor = '0';
  do {
    // Each step needs the cursor of the one before.
    const [next, found] = await redis.scan(cursor, 'MATCH', nodeKeyGlob, 'COUNT', batchSize);
    for (const name of found) names.add(name);
    cursor = next;
  } while (cursor !== '0');
  return names;
}
