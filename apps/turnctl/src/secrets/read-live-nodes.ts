import { createRedisRegistry, findRedisUrlFault, parseRedisUrls, type NodeRecord } from '@turn-router/registry';
import { readSettings, type Environment } from '@turn-router/settings';
import { z } from 'zod';
import { CommandFault } from '../command-fault.ts';

const settings = {
  REDIS_URL: {
    meaning: 'The Redis registry of the routers, or several registries separated by spaces',
    expected: 'a Redis URL',
    schema: z.string(),
    secret: true,
  },
} as const;

/**
 * Reads the reports of all nodes from the registries in REDIS_URL. Returns undefined if REDIS_URL is not set.
 *
 * @throws CommandFault if a registry cannot be read
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
  // This program connects once, so reconnects need no random delay.
  await using registry = createRedisRegistry({ url, name: 'turnctl', random: () => 0 });
  try {
    return (await registry.readAll()).records;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFault(
      `REDIS_URL: cannot read the registry: ${reason}; to skip the check of the nodes, unset REDIS_URL`,
      {
        cause: error,
      },
    );
  }
}
