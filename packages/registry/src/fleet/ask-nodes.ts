import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';

export type AskOptions = {
  readonly signal: AbortSignal;
  /** Whether a request may go to this address and port. A host name in a record may lead anywhere, so this must be checked after DNS. */
  readonly isPermitted: (target: { readonly address: string; readonly port: number }) => boolean;
};

/** Checks whether a node answers clients at this moment. Must settle within a bounded time, and never reject. */
export type AskNode = (record: NodeRecord, options: AskOptions) => Promise<boolean>;

/** The number of parallel checks. Each needs a socket. */
const parallelMax = 256;

/** Checks nodes. @returns the names of those that answer */
export async function askNodes(
  records: readonly NodeRecord[],
  ask: AskNode,
  options: AskOptions,
): Promise<ReadonlySet<string>> {
  const answered = new Set<string>();
  for (let start = 0; start < records.length && !options.signal.aborted; start += parallelMax) {
    const batch = records.slice(start, start + parallelMax);
    const answers = await Promise.all(batch.map((record) => ask(record, options)));
    for (const [index, { key }] of batch.entries()) if (answers[index] === true) answered.add(nodeNameFromKey(key));
  }
  return answered;
}
