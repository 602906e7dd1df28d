import { findRedisUrlFault, parseRedisUrls, type RedisHashOptions } from '@turn-router/registry';
import { readSettings, type Environment } from '@turn-router/settings';
import { z } from 'zod';
import { CommandFault } from './command-fault.ts';

const settings = {
  REDIS_URL: {
    meaning: 'The Redis of the routers. If there are several, the first one contains the shared state of the routers',
    expected: 'a Redis URL',
    schema: z.string(),
    secret: true,
  },
} as const;

/** Options of a connection to Redis. This program connects once, so reconnects need no random delay. */
export const redisConnection = {
  name: 'turnctl',
  random: () => 0,
  monotonicNowMs: () => performance.now(),
  // Longer than a router's timeout, because a person waits for one answer.
  commandTimeoutMs: 5_000,
} as const;

/**
 * Returns the first Redis in REDIS_URL. It contains the API keys, the revocations and the audit log. Returns undefined if REDIS_URL is not set.
 *
 * @throws CommandFault if REDIS_URL is invalid
 */
export function findFirstRedis(environment: Environment): Required<RedisHashOptions> | undefined {
  const read = readSettings(
    {
      settings,
      findFaults({ REDIS_URL: urls }) {
        const detail = urls === undefined ? undefined : findRedisUrlFault(urls);
        return detail === undefined ? [] : [{ field: 'REDIS_URL', detail }];
      },
      configFrom: ({ REDIS_URL }) => parseRedisUrls(REDIS_URL ?? '')[0],
    },
    environment,
  );
  if (!read.ok) throw new CommandFault(read.faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  return read.config === undefined ? undefined : { url: read.config, ...redisConnection };
}
