import type { RedisServer } from '@turn-router/testing';
import type { Written } from './find-leaks.ts';

/** The command that shows all that a value of the type holds. */
const readers: Readonly<Record<string, (key: string) => string[]>> = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  stream: (key) => ['XRANGE', key, '-', '+'],
};

/** All that stands in a Redis, its keys' names too. */
export async function readRedis(redis: RedisServer, password: string): Promise<Written[]> {
  const ask = (...command: string[]) => redis.cli('--no-auth-warning', '-a', password, ...command);
  const keys = (await ask('--scan')).split('\n').filter((key) => key !== '');
  return Promise.all(
    keys.map(async (key) => {
      const type = (await ask('TYPE', key)).trim();
      const reader = readers[type];
      if (reader === undefined) throw new Error(`${key} is of the type ${type}, which nobody here reads`);
      return { where: `Redis, ${key}`, text: `${key}\n${await ask(...reader(key))}` };
    }),
  );
}
