import type { Cluster, Redis } from 'ioredis';
import { RegistryError } from '../../registry-error.ts';
import type { Shard } from '../reading/shard.ts';

/** A Redis of one or more servers. */
export interface RedisDeployment {
  /** Runs commands on a primary. Every error becomes a RegistryError. */
  readonly write: <T>(commands: (client: Redis | Cluster) => Promise<T>) => Promise<T>;
  /**
   * Reads from servers that together hold all nodes. When a replica fails, `work` runs again with the primaries, which do not depend on the
   * replicas.
   */
  readonly read: <T>(work: (shards: readonly Shard[]) => Promise<T>) => Promise<T>;
  readonly close: () => void;
}

type Source = () => Promise<readonly Shard[]>;

/** Reads from the preferred source, and from the fallback when there is no preferred source or reading it fails. */
export async function readWithFallback<T>(
  preferred: Source | undefined,
  fallback: Source,
  work: (shards: readonly Shard[]) => Promise<T>,
): Promise<T> {
  if (preferred !== undefined) {
    try {
      return await work(await preferred());
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
    }
  }
  return work(await fallback());
}
