import type { Cluster, Redis } from 'ioredis';
import { RegistryError } from '../../registry-error.ts';
import type { Shard } from '../reading/shard.ts';

/** A Redis, however many servers that is. */
export interface RedisDeployment {
  /** Runs commands where they may write; whatever goes wrong comes out as a RegistryError. */
  readonly write: <T>(commands: (client: Redis | Cluster) => Promise<T>) => Promise<T>;
  /**
   * Reads from servers that together hold all nodes. When replicas are to be read and one of them cannot be, `work` is done again with the
   * primaries, since whatever is wrong with a replica, those know.
   */
  readonly read: <T>(work: (shards: readonly Shard[]) => Promise<T>) => Promise<T>;
  readonly close: () => void;
}

type Source = () => Promise<readonly Shard[]>;

/** Reads from what is preferred, where there is such a thing and it can be read; else from what is sure. */
export async function readPreferring<T>(
  preferred: Source | undefined,
  sure: Source,
  work: (shards: readonly Shard[]) => Promise<T>,
): Promise<T> {
  if (preferred !== undefined) {
    try {
      return await work(await preferred());
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
    }
  }
  return work(await sure());
}
