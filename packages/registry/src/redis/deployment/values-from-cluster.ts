import type { Cluster, Redis } from 'ioredis';
import { isRedirection, isWrongType } from '../reading/shard.ts';
import { pipelineRepliesFrom, valuesFrom, type PipelineReply } from '../replies.ts';

/**
 * Commands per pipeline. A GET costs several times as much as one key of an MGET, and all shards run at once. More commands would block the
 * event loop.
 */
const pipelineLength = 128;

/**
 * Reads the values of these keys; null for a missing key. MGET would fail for keys of several slots. Rejects with ioredis' errors or a
 * RegistryError.
 *
 * @param node the node that listed the keys
 * @param cluster finds the keys that have moved to another node
 */
export async function valuesFromCluster(
  node: Redis,
  cluster: Cluster,
  names: readonly string[],
): Promise<(string | null)[]> {
  const values: (string | null)[] = [];
  for (let start = 0; start < names.length; start += pipelineLength) {
    const part = names.slice(start, start + pipelineLength);
    const pipeline = node.pipeline();
    for (const name of part) pipeline.get(name);
    // Pipelines run one after the other, so that the event loop continues in between.
    const replies = pipelineRepliesFrom('GET', await pipeline.exec(), part.length);
    const texts = await Promise.all(
      part.map((name, index) => valueFrom(replies[index] ?? [null, null], name, cluster)),
    );
    values.push(...valuesFrom('GET', texts, part.length));
  }
  return values;
}

/** The key may have got another type since its length was read: then it has no value. */
async function valueFrom([error, value]: PipelineReply, name: string, cluster: Cluster): Promise<unknown> {
  if (error === null) return value;
  if (isWrongType(error)) return null;
  if (!isRedirection(error)) throw error;
  try {
    return await cluster.get(name);
  } catch (reason) {
    if (reason instanceof Error && isWrongType(reason)) return null;
    throw reason;
  }
}
