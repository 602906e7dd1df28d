import type { FleetAnswer, FleetNodeView, FleetQuery, NodeState } from '@turn-router/contract/admin';
import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { GeoLocator } from '@turn-router/geo';
import type { FleetNode } from '@turn-router/registry';
import type { GivenRelays, NodeStatus, Placement, RelayRefusal, RelayWishes } from '@turn-router/selection';
import { placeAddress, type Routing } from '../issue/routing.ts';
import type { FollowedFleet } from './follow-fleet.ts';

/** What SREs ask a router about its fleet, answered by a process that follows it. */
export interface FleetView {
  /** The fleet as callers meet it now; regions whole, nodes by the query. */
  readonly status: (query: FleetQuery) => Promise<FleetAnswer>;
  /** What a caller would get now. Nothing is counted as given out. */
  readonly explain: (address: string | undefined, wishes: RelayWishes) => Promise<Explanation>;
}

/** A decision, and what it was made from. */
export type Explanation = {
  /** Where the GeoIP data has the address; undefined: nowhere. */
  readonly place: ReturnType<GeoLocator['locate']>;
  readonly placement: Placement;
  readonly decision: (Omit<GivenRelays, 'nodes'> & { readonly nodes: readonly string[] }) | RelayRefusal;
};

export type FleetViewParts = {
  readonly routing: Routing;
  readonly geo: GeoLocator;
  readonly fleet: Pick<FollowedFleet, 'trust' | 'nodes'>;
  /** This process, among those that share the registry. */
  readonly replica: { readonly id: string; readonly version: string };
  readonly countReplicas: () => number;
};

/** The view of the process that it runs in. */
export function createFleetView({ routing, geo, fleet, replica, countReplicas }: FleetViewParts): FleetView {
  return {
    status({ region, state, limit, after = '' }) {
      const all = fleet.nodes();
      const wanted = all
        .filter((node) => (region ?? node.key.region) === node.key.region && (state ?? stateOf(node)) === stateOf(node))
        .map((node) => ({ node, name: nodeNameFromKey(node.key) }))
        .filter(({ name }) => name > after)
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const page = wanted.slice(0, limit).map(({ node, name }) => nodeView(name, node, routing));
      return Promise.resolve({
        trust: fleet.trust(),
        replicas: [replica],
        replicaCount: countReplicas(),
        regions: regionViews(all, routing),
        nodes: page,
        ...(wanted.length > limit ? { after: page.at(-1)?.name } : {}),
      });
    },
    explain(address, wishes) {
      const place = address === undefined ? undefined : geo.locate(address);
      const placement = placeAddress(address, { regions: undefined }, geo, routing);
      const decision = routing.chooseRelays(placement, wishes);
      return Promise.resolve({
        place,
        placement,
        decision: decision.ok ? { ...decision, nodes: decision.nodes.map(({ name }) => name) } : decision,
      });
    },
  };
}

/** One that vanished from the registry and serves all the same is in none of the states that it reports. */
function stateOf({ report, trustedShare }: FleetNode): NodeState {
  return trustedShare === undefined ? report.status : 'kept';
}

function regionViews(nodes: readonly FleetNode[], routing: Routing): FleetAnswer['regions'] {
  const { regions, spills } = routing.status();
  const known = new Map(regions.map((each) => [each.region, each]));
  const counts = new Map<string, Record<NodeState, number>>();
  for (const node of nodes) {
    const count = counts.get(node.key.region) ?? noNodes();
    count[stateOf(node)] += 1;
    counts.set(node.key.region, count);
  }
  return Object.keys(routing.policy().regions).map((region) => {
    const { load = 0, capacityMbps = 0 } = known.get(region) ?? {};
    return {
      region,
      load,
      capacityMbps,
      headroomMbps: Math.max(0, (1 - load) * capacityMbps),
      nodes: counts.get(region) ?? noNodes(),
      spills: spills.filter(({ from }) => from === region).map(({ to, share }) => ({ to, share })),
    };
  });
}

function noNodes(): Record<NodeState, number> {
  return { healthy: 0, draining: 0, unhealthy: 0, kept: 0 };
}

function nodeView(name: string, node: FleetNode, routing: Routing): FleetNodeView {
  const { key, report } = node;
  const status = routing.nodeStatus(name);
  return {
    name,
    region: key.region,
    id: key.id,
    state: stateOf(node),
    ...optional('reason', reasonOf(node, status)),
    ...optional('ageMs', status?.reportAgeMs),
    cpu: report.cpu,
    bandwidthMbps: report.bandwidth_mbps,
    ...optional('capacityMbps', status?.capacityMbps),
    ...optional('allocations', report.allocations),
    ...optional('estimatedLoad', status?.estimatedLoad),
    ...optional('software', report.software),
    ...optional('secretIds', report.secret_ids),
    ...optional('clockOffsetMs', report.clock_offset_ms),
  };
}

/** What keeps calls from a node; for one that reports itself unwell, its own reason. */
function reasonOf({ report, trustedShare }: FleetNode, status: NodeStatus | undefined): string | undefined {
  if (trustedShare !== undefined) return 'vanished';
  if (status === undefined) return 'region_not_in_policy';
  if (status.doubt !== undefined) return status.doubt;
  const reason = report.status === 'healthy' ? undefined : report.probe?.['reason'];
  return typeof reason === 'string' ? reason.slice(0, 256) : undefined;
}

/** A field that is left out where there is no value. */
function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [Key in Name]?: Value } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript widens a computed key to string
  return (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value };
}
