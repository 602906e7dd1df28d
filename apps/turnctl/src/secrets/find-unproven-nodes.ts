import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '@turn-router/registry';
import type { KeyRing } from '@turn-router/turn-credentials';

/**
 * Returns a line for each node that has proven none of these keys, sorted by name. The TURN servers of these nodes may refuse new credentials.
 * Nodes that take no calls at the moment are included, because they may take calls later.
 */
export function findUnprovenNodes(records: readonly NodeRecord[], { keys }: KeyRing): string[] {
  return records
    .filter(({ report }) => !keys.some(({ id }) => report.secret_ids?.includes(id)))
    .map(({ key, report: { status, secret_ids: ids } }) => {
      const proven = ids === undefined ? 'does not report proven keys' : `has proven ${ids.join(', ') || 'no key'}`;
      return `${nodeNameFromKey(key)} (${status}): ${proven}`;
    })
    .toSorted();
}
