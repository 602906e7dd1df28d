import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';

/** Checks whether a node answers clients at this moment. Must settle within a bounded time, and never reject. */
export type AskNode = (record: NodeRecord, signal: AbortSignal) => Promise<boolean>;

/** The number of parallel checks. Each needs a socket. */
const parallelMax = 256;

/** Checks nodes. @returns the names of those that answer */
export async function askNodes(
  records: readonly NodeRecord[],
  ask: AskNode,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const answered = new Set<string>();
  for (let start = 0; start < records.length && !signal.aborted; start += parallelMax) {
    const batch = records.slice(start, start + parallelMax);
    const answers = await Promise.all(batch.map((record) => ask(record, signal)));
    for (const [index, { key }] of batch.entries()) if (answers[index] === true) answered.add(nodeNameFromKey(key));
  }
  return answered;
}
