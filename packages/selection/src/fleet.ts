import type { NodeKey, NodeReport, Policy } from '@turn-router/contract';
import { regionLoad } from './node-load.ts';
import { createNodePool, type NodePool } from './node-pool.ts';
import { relayNodeFromReport, type RelayNode } from './relay-node.ts';

/** The healthy nodes of one region, and how full they are together. */
export type RegionFleet = { readonly pool: NodePool; readonly load: number };

/** What there is to choose from, by region; a region without a healthy node is absent. */
export type Fleet = ReadonlyMap<string, RegionFleet>;

/** Built when the registry or the policy changes, then read by every request. Nodes of regions that are unknown or off are left out. */
export function createFleet(
  records: Iterable<{ readonly key: NodeKey; readonly report: NodeReport }>,
  policy: Policy,
): Fleet {
  const nodesByRegion = new Map<string, RelayNode[]>();
  for (const { key, report } of records) {
    if (report.status !== 'healthy' || policy.regions[key.region]?.enabled !== true) continue;
    const nodes = nodesByRegion.get(key.region) ?? [];
    nodes.push(relayNodeFromReport(key, report, policy));
    nodesByRegion.set(key.region, nodes);
  }
  return new Map(
    [...nodesByRegion].map(([region, nodes]) => [region, { pool: createNodePool(nodes), load: regionLoad(nodes) }]),
  );
}
