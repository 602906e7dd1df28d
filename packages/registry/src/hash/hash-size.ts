import type { Cluster, Redis } from 'ioredis';
import { replyMaxBytes } from '../redis/connection/guard-replies.ts';
import { registryErrorFrom } from '../redis/connection/registry-error-from.ts';
import { wholeNumberFrom } from '../redis/replies.ts';
import { RegistryError } from '../registry-error.ts';

/** After a refusal, MEMORY is sent again after this number of readings, about a minute. The permissions may have changed. */
const readingsPerAttempt = 80;

/**
 * Creates a check of the size of a hash, which comes before its content is read. Redis counts names, values and its own overhead.
 *
 * @param onSkipped called once when Redis does not permit MEMORY USAGE. Then only `guardReplies` limits the size
 */
export function createSizeCheck(key: string, onSkipped: () => void): (redis: Redis | Cluster) => Promise<void> {
  let readingsLeft = 0;
  let isReported = false;

  /** Returns undefined if Redis does not permit the command. */
  async function readBytes(redis: Redis | Cluster): Promise<number | undefined> {
    try {
      // Reads every field: a sample could miss a large one.
      const bytes: unknown = await redis.memory('USAGE', key, 'SAMPLES', 0);
      // The hash has been removed since its length was read.
      return bytes === null ? 0 : wholeNumberFrom('MEMORY USAGE', bytes);
    } catch (cause) {
      const error = registryErrorFrom(cause);
      const isRefusal = error.code === 'refused' && (error.fault === 'no_permission' || error.fault === 'other');
      if (!isRefusal) throw error;
      return undefined;
    }
  }

  return async (redis) => {
    readingsLeft -= 1;
    if (readingsLeft > 0) return;
    const bytes = await readBytes(redis);
    readingsLeft = bytes === undefined ? readingsPerAttempt : 0;
    if (bytes === undefined && !isReported) onSkipped();
    isReported ||= bytes === undefined;
    if (bytes !== undefined && bytes > replyMaxBytes) {
      const [has, most] = [bytes, replyMaxBytes].map((each) => Math.ceil(each / 1024 / 1024));
      throw new RegistryError('refused', `${key} takes ${has} MiB: expected at most ${most} MiB`);
    }
  };
}
