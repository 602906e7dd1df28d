import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '@turn-router/registry';
import type { KeyRing } from '@turn-router/turn-credentials';

/**
 * A line for each node that has proven none of these keys, in the order of their names: what routers sign for it, its TURN server may
 * refuse. Those that do not take calls at the moment count as well, as they may again.
 */
export function findUnprovenNodes(records: readonly NodeRecord[], { keys }: KeyRing): string[] {
  return records
    .filter(({ report }) => !keys.some(({ id }) => report.secret_ids?.includes(id)))
    .map(({ key, report: { status, secret_ids: ids } }) => {
      const proven = ids === undefined ? 'says nothing of keys' : `has proven ${ids.join(', ') || 'no key'}`;
      return `${nodeNameFromKey(key)} (${status}): ${proven}`;
    })
    .toSorted();
}
