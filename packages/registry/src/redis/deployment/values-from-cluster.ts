import type { Cluster, Redis } from 'ioredis';

/**
 * Commands per pipeline. A GET costs several times as much as one key of an MGET, and all shards run at once. More commands would block the
 * event loop.
 */
const pipelineLength = 128;

type PipelineReply = [error: Error | null, result: unknown];

/**
 * Reads the values of these keys; null for a missing key. MGET would fail for keys of several slots. Rejects with ioredis' errors.
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
    const replies = (await pipeline.exec()) ?? [];
    values.push(...(await Promise.all(part.map((name, index) => valueFrom(replies[index], name, cluster)))));
  }
  return values;
}

async function valueFrom(reply: PipelineReply | undefined, name: string, cluster: Cluster): Promise<string | null> {
  const [error, value] = reply ?? [null, null];
  if (error === null) return typeof value === 'string' ? value : null;
  if (/^(?:MOVED|ASK|TRYAGAIN)\b/.test(error.message)) return getAnywhere(cluster, name);
  if (isOtherType(error)) return null;
  throw error;
}

async function getAnywhere(cluster: Cluster, name: string): Promise<string | null> {
  try {
    return await cluster.get(name);
  } catch (error) {
    if (isOtherType(error)) return null;
    throw error;
  }
}

/** Whether the key holds no string, hence no report. MGET returns null for these keys. */
function isOtherType(error: unknown): boolean {
  return error instanceof Object && 'message' in error && /^WRONGTYPE\b/.test(String(error.message));
}
