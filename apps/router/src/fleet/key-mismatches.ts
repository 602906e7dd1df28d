import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { ReportedNode } from '@turn-router/selection';
import type { NodeKeys } from '../issue/node-keys.ts';
import type { KeyMismatch } from '../observe/fleet-findings.ts';

export function findKeyMismatches(nodes: readonly ReportedNode[], keys: Pick<NodeKeys, 'match'>): KeyMismatch[] {
  const found: KeyMismatch[] = [];
  for (const { key, report } of nodes) {
    if (report.secret_fingerprints === undefined) continue;
    const name = nodeNameFromKey(key);
    const { key: common, mismatchedIds } = keys.match(name, report);
    if (mismatchedIds.length > 0) found.push({ name, keyIds: mismatchedIds, hasCommonKey: common !== undefined });
  }
  return found;
}
