import { findRedisUrlFault, parseRedisUrls, type RedisHashOptions } from '@turn-router/registry';
import { readSettings, type Environment } from '@turn-router/settings';
import { z } from 'zod';
import { CommandFault } from './command-fault.ts';

const settings = {
  REDIS_URL: {
    meaning: 'The Redis of the routers; of several, the first holds what they share',
    expected: 'a URL of Redis',
    schema: z.string(),
    secret: true,
  },
} as const;

/** How this program connects to Redis: once, so that there are no reconnects to spread. */
const connection = {
  name: 'turnctl',
  random: () => 0,
  monotonicNowMs: () => performance.now(),
  // A person waits: longer than a router's loop.
  commandTimeoutMs: 5_000,
} as const;

/**
 * Where the routers' REDIS_URL says that API keys, revocations and the audit log are; undefined when it is not set.
 *
 * @throws CommandFault when it cannot be used
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
  return read.config === undefined ? undefined : { url: read.config, ...connection };
}
