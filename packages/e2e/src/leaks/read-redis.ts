import type { RedisServer } from '@turn-router/testing';
import type { Written } from './find-leaks.ts';

/** The command that reads a whole value, by type. */
const readers: Readonly<Record<string, (key: string) => string[]>> = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  stream: (key) => ['XRANGE', key, '-', '+'],
};

/** Reads all keys of Redis with their values. */
export async function readRedis(redis: RedisServer, password: string): Promise<Written[]> {
  const run = (...command: string[]) => redis.cli('--no-auth-warning', '-a', password, ...command);
  const keys = (await run('--scan')).split('\n').filter((key) => key !== '');
  return Promise.all(
    keys.map(async (key) => {
      const type = (await run('TYPE', key)).trim();
      const reader = readers[type];
      if (reader === undefined)
        throw new Error(
          `${key} has the type ${type}: expected one of ${Object.keys(readers).join(', ')}; add the type to readers`,
        );
      return { where: `Redis, ${key}`, text: `${key}\n${await run(...reader(key))}` };
    }),
  );
}
