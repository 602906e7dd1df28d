import type { Redis } from 'ioredis';

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
