import type { ReportedNode } from '@turn-router/selection';
import type { UnknownRegion } from '../observe/fleet-findings.ts';

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
