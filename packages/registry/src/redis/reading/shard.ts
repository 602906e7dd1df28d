import { nodeKeyGlob } from '@turn-router/contract/registry';
import type { Redis } from 'ioredis';

/** A server that holds all nodes, or a part of them. Every call rejects with a RegistryError only. */
export interface Shard {
  /** Changes when another server answers. */
  readonly serverId: string | undefined;
  /** The keys of nodes on it. */
  readonly listNames: () => Promise<Set<string>>;
  /** The texts under these keys, null where there is none. Also those of keys that have moved to another shard. */
  readonly values: (names: readonly string[]) => Promise<(string | null)[]>;
  /** The lengths of the texts under these keys, bytes; 0 where there is none. */
  readonly lengths: (names: readonly string[]) => Promise<number[]>;
}

/** Keys asked for in one step, so that no single command holds Redis up: at 4 KiB each, 2 MiB an answer. */
export const batchSize = 512;

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

/** The lengths of the strings under these keys, bytes; 0 where there is none, or not a string, or it has moved. Rejects as ioredis does. */
export async function readLengths(redis: Redis, names: readonly string[]): Promise<number[]> {
  const pipeline = redis.pipeline();
  for (const name of names) pipeline.strlen(name);
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, length]) => {
    // Those are its business who reads the value; whatever else went wrong goes for all keys.
    if (error !== null && !/^(?:WRONGTYPE|MOVED|ASK|TRYAGAIN)\b/.test(error.message)) throw error;
    return Number(length ?? 0);
  });
}
