import { createRedisRegistry, findRedisUrlFault, parseRedisUrls, type NodeRecord } from '@turn-router/registry';
import { readSettings, type Environment } from '@turn-router/settings';
import { z } from 'zod';
import { CommandFault } from '../command-fault.ts';

const settings = {
  REDIS_URL: {
    meaning: 'The registry, or several with spaces between, as the routers have it',
    expected: 'a URL of Redis',
    schema: z.string(),
    secret: true,
  },
} as const;

/**
 * The reports of all nodes that stand in the registries of REDIS_URL; undefined where it is not set.
 *
 * @throws CommandFault where one of them cannot be read
 */
export async function readLiveNodes(environment: Environment): Promise<readonly NodeRecord[] | undefined> {
  const read = readSettings(
    {
      settings,
      findFaults: ({ REDIS_URL }) => {
        const detail = REDIS_URL === undefined ? undefined : findRedisUrlFault(REDIS_URL);
        return detail === undefined ? [] : [{ field: 'REDIS_URL', detail }];
      },
      configFrom: ({ REDIS_URL }) => REDIS_URL,
    },
    environment,
  );
  if (!read.ok) throw new CommandFault(read.faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  if (read.config === undefined) return undefined;
  return (await Promise.all(parseRedisUrls(read.config).map(readRegistry))).flat();
}

async function readRegistry(url: string): Promise<readonly NodeRecord[]> {
  // It connects once: there are no reconnects to spread.
  await using registry = createRedisRegistry({ url, name: 'turnctl', random: () => 0 });
  try {
    return (await registry.readAll()).records;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFault(`REDIS_URL: cannot be read: ${reason}; without REDIS_URL no node is asked`, {
      cause: error,
    });
  }
}
