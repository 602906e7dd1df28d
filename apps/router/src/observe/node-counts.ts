import type { ReportedNode } from '@turn-router/selection';

/**
 * The label of nodes whose region the policy lacks. There may be any number of such regions, and each label value takes memory for ever in Prometheus.
 * No region can have this name, because it has underscores.
 */
const otherRegions = 'not_in_policy';

type NodeCounts = { readonly byStatus: Map<string, number>; kept: number };

/** Counts nodes before the gauges are set. So each label set is looked up once, instead of once per node. */
export function countNodes(
  nodes: readonly ReportedNode[],
  regions: ReadonlySet<string>,
): ReadonlyMap<string, NodeCounts> {
  const counts = new Map<string, NodeCounts>();
  for (const { key, report, trustedShare } of nodes) {
    const name = regions.has(key.region) ? key.region : otherRegions;
    let region = counts.get(name);
    if (region === undefined) {
      region = { byStatus: new Map(), kept: 0 };
      counts.set(name, region);
    }
    region.byStatus.set(report.status, (region.byStatus.get(report.status) ?? 0) + 1);
    if (trustedShare !== undefined) region.kept += 1;
  }
  return counts;
}
