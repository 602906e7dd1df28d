import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { ReportedNode } from '@turn-router/selection';
import type { NodeKeys } from '../issue/node-keys.ts';
import type { KeyMismatch, UnknownRegion } from '../observe/fleet-findings.ts';

/** @param keys the keys of this router */
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

/** @param regions the regions of the policy */
export function findUnknownRegions(
  nodes: readonly ReportedNode[],
  regions: Readonly<Record<string, unknown>>,
): UnknownRegion[] {
  const found = new Map<string, { name: string; nodes: number; healthy: number }>();
  for (const { key, report } of nodes) {
    if (Object.hasOwn(regions, key.region)) continue;
    const region = found.get(key.region) ?? { name: key.region, nodes: 0, healthy: 0 };
    found.set(key.region, region);
    region.nodes += 1;
    if (report.status === 'healthy') region.healthy += 1;
  }
  return [...found.values()];
}
