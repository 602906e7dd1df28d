import { RegistryError } from '../registry-error.ts';
import type { Shard } from './shard.ts';

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
