import { nodeKeyGlob } from '@turn-router/contract/registry';
import type { Redis } from 'ioredis';

/** A server that holds all nodes or a part of them. Calls reject with a RegistryError only. */
export interface Shard {
  /** Changes when another server answers. */
  readonly serverId: string | undefined;
  /** Lists the node keys on this server. */
  readonly listNames: () => Promise<Set<string>>;
  /** Reads the values of these keys, also of keys that have moved to another shard; null for a missing key. */
  readonly values: (names: readonly string[]) => Promise<(string | null)[]>;
  /** Reads the lengths of the values, bytes; 0 for a missing key. */
  readonly lengths: (names: readonly string[]) => Promise<number[]>;
}

/** Keys per command, so that no single command blocks Redis: at 4 KiB each, a reply has 2 MiB. */
export const batchSize = 512;

/** Lists the node keys with SCAN, which may return a key twice. KEYS would block Redis. */
export async function scanNames(redis: Redis): Promise<Set<string>> {
  const names = new Set<string>();
  let cursor = '0';
  do {
    // Each SCAN call needs the cursor of the call before.
    const [next, found] = await redis.scan(cursor, 'MATCH', nodeKeyGlob, 'COUNT', batchSize);
    for (const name of found) names.add(name);
    cursor = next;
  } while (cursor !== '0');
  return names;
}

/** Reads the lengths of the strings, bytes; 0 for a key that is missing, moved or no string. Rejects with ioredis' errors. */
export async function readLengths(redis: Redis, names: readonly string[]): Promise<number[]> {
  const pipeline = redis.pipeline();
  for (const name of names) pipeline.strlen(name);
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, length]) => {
    // These errors concern a single key, and reading its value handles them. Any other error concerns all keys.
    if (error !== null && !/^(?:WRONGTYPE|MOVED|ASK|TRYAGAIN)\b/.test(error.message)) throw error;
    return Number(length ?? 0);
  });
}
