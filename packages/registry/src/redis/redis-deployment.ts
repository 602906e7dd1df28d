import type { Cluster, Redis } from 'ioredis';
import type { Shard } from './shard.ts';

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
