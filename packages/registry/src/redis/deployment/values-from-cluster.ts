import type { Cluster, Redis } from 'ioredis';

/** A command each costs several times what a key of an MGET does: all shards do this at once, and none may hold up the event loop. */
const pipelineLength = 128;

type PipelineReply = [error: Error | null, result: unknown];

/**
 * The texts under these keys, null where there is none. MGET would fail for keys of several slots. Rejects as ioredis does.
 *
 * @param node that has listed the keys
 * @param cluster finds those that are elsewhere by now
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
    // One after the other: each lets the event loop go on.
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

/** The key holds no string, so no report, which MGET passes over by itself. */
function isOtherType(error: unknown): boolean {
  return error instanceof Object && 'message' in error && /^WRONGTYPE\b/.test(String(error.message));
}
