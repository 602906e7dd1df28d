import type { FleetAnswer, FleetNodeView, FleetQuery, NodeState } from '@turn-router/contract/admin';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { GeoLocator } from '@turn-router/geo';
import type { NodeVerdict } from '@turn-router/outside-proof';
import type { ReportedNode } from '@turn-router/selection';
import type { GivenRelays, NodeStatus, Placement, RelayRefusal, RelayWishes } from '@turn-router/selection';
import { placeAddress, type Routing } from '../issue/routing.ts';
import type { FollowedFleet } from './follow-fleet.ts';
import type { OutsideProofs } from './proofs/outside-proofs.ts';
import { proofViewsOf } from './proofs/proof-views.ts';

/** Answers operators' questions about the fleet. The process that follows the fleet implements it. */
export interface FleetView {
  /** Returns the current fleet: all regions, and the nodes that match the query. */
  readonly status: (query: FleetQuery) => Promise<FleetAnswer>;
  /** Returns the decision that a caller would get now. It is not counted as an issued call. */
  readonly explain: (address: string | undefined, wishes: RelayWishes) => Promise<Explanation>;
}

/** A decision, and the inputs that led to it. */
export type Explanation = {
  /** The location of the address in the GeoIP data; undefined if the address is unknown. */
  readonly place: ReturnType<GeoLocator['locate']>;
  readonly placement: Placement;
  readonly decision: (Omit<GivenRelays, 'nodes'> & { readonly nodes: readonly string[] }) | RelayRefusal;
};

export type FleetViewParts = {
  readonly routing: Routing;
  readonly geo: GeoLocator;
  readonly fleet: Pick<FollowedFleet, 'trust' | 'nodes'>;
  readonly outside: Pick<OutsideProofs, 'verdictOf' | 'proofsOf' | 'roundTrips'>;
  readonly monotonicNowMs: () => number;
  /** The name of this process among the processes that share the registry. */
  readonly replica: { readonly id: string; readonly version: string };
  readonly countReplicas: () => number;
};

/**
 * Creates the fleet view of this process. It answers one question per turn of the event loop. No question reads more than a page of nodes in
 * detail. So callers do not have to wait for operators.
 */
export function createFleetView(parts: FleetViewParts): FleetView {
  const { routing, geo } = parts;
  let queue: Promise<unknown> = Promise.resolve();
  function enqueue<Answer>(work: () => Answer): Promise<Answer> {
    const answer = queue.then(nextTurn).then(work);
    queue = answer.catch(() => undefined);
    return answer;
  }
  return {
    status: (query) => enqueue(() => statusOf(query, parts)),
    explain: (address, wishes) =>
      enqueue(() => {
        const place = address === undefined ? undefined : geo.locate(address);
        const placement = placeAddress(address, { regions: undefined }, geo, routing);
        const decision = routing.chooseRelays(placement, wishes);
        return {
          place,
          placement,
          decision: decision.ok ? { ...decision, nodes: decision.nodes.map(({ name }) => name) } : decision,
        };
      }),
  };
}

function statusOf(query: FleetQuery, parts: FleetViewParts): FleetAnswer {
  const { routing, fleet, outside, replica, countReplicas } = parts;
  const nodes = fleet.nodes();
  const { page, hasMore } = pageOf(nodes, query);
  return {
    trust: fleet.trust(),
    replicas: [replica],
    replicaCount: countReplicas(),
    regions: regionViews(nodes, query.region, routing),
    nodes: page.map(({ name, node }) => nodeView(name, node, parts)),
    roundTrips: outside
      .roundTrips()
      .filter(({ from, to }) => [from, to].every((region) => Object.hasOwn(routing.policy().regions, region))),
    after: hasMore ? page.at(-1)?.name : undefined,
  };
}

/**
 * The state of a node. If its report has disappeared from the registry but the node stays in use, the state is `kept`, whatever status the node
 * reported last.
 */
function stateOf({ report, trustedShare }: ReportedNode): NodeState {
  return trustedShare === undefined ? report.status : 'kept';
}

type NamedNode = { readonly name: string; readonly node: ReportedNode };

/** Returns the first `limit` nodes after the name `after`. It never sorts more than twice as many nodes. */
function pageOf(
  nodes: readonly ReportedNode[],
  { region, state, limit, after = '' }: FleetQuery,
): { readonly page: readonly NamedNode[]; readonly hasMore: boolean } {
  let first: NamedNode[] = [];
  let found = 0;
  /** Names after this name cannot be on the page. */
  let bound: string | undefined;
  const cut = () => {
    first = first.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, limit);
    if (first.length === limit) bound = first.at(-1)?.name;
  };
  for (const node of nodes) {
    if (region !== undefined && node.key.region !== region) continue;
    if (state !== undefined && stateOf(node) !== state) continue;
    const name = nodeNameFromKey(node.key);
    if (name <= after) continue;
    found += 1;
    if (bound !== undefined && name > bound) continue;
    first.push({ name, node });
    if (first.length >= 2 * limit) cut();
  }
  cut();
  return { page: first, hasMore: found > first.length };
}

/** At most this many regions that the policy lacks are returned. The registry can contain any number of them. */
const unknownRegionsMax = 100;

/** Returns the regions of the policy. Then come other regions that nodes report for. */
function regionViews(
  nodes: readonly ReportedNode[],
  wanted: string | undefined,
  routing: Routing,
): FleetAnswer['regions'] {
  const { regions, spills } = routing.status();
  const known = new Map(regions.map((each) => [each.region, each]));
  const counts = new Map<string, Record<NodeState, number>>();
  for (const node of nodes) {
    if (wanted !== undefined && node.key.region !== wanted) continue;
    let count = counts.get(node.key.region);
    if (count === undefined) {
      count = noNodes();
      counts.set(node.key.region, count);
    }
    count[stateOf(node)] += 1;
  }
  const ofPolicy = Object.keys(routing.policy().regions);
  const unknown = [...counts.keys()].filter((region) => !ofPolicy.includes(region));
  const shown = [...ofPolicy, ...unknown.toSorted().slice(0, unknownRegionsMax)];
  return shown
    .filter((region) => region === (wanted ?? region))
    .map((region) => {
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

function nodeView(
  name: string,
  node: ReportedNode,
  { routing, outside, monotonicNowMs }: FleetViewParts,
): FleetNodeView {
  const { key, report } = node;
  const verdict = outside.verdictOf(name);
  const status = routing.nodeStatus(name);
  return {
    name,
    region: key.region,
    id: key.id,
    state: stateOf(node),
    reason: reasonOf(node, status, verdict),
    ageMs: status?.reportAgeMs,
    cpu: report.cpu,
    bandwidthMbps: report.bandwidth_mbps,
    capacityMbps: status?.capacityMbps,
    allocations: report.allocations,
    estimatedLoad: status?.estimatedLoad,
    software: report.software === undefined ? undefined : printable(report.software),
    secretIds: report.secret_ids?.map(printable),
    clockOffsetMs: report.clock_offset_ms,
    verdict: verdict === undefined ? undefined : { state: verdict.state, text: verdict.text },
    proofs: proofViewsOf(outside.proofsOf(name), monotonicNowMs()),
  };
}

/** Returns the reason why a node gets no calls or fewer calls. For an unhealthy node, this is the reason that it reports. */
function reasonOf(
  { report, trustedShare }: ReportedNode,
  status: NodeStatus | undefined,
  verdict: NodeVerdict | undefined,
): string | undefined {
  if (status?.exclusion === 'unreachable_from_outside' && verdict?.state === 'refuted') return verdict.text;
  if (trustedShare !== undefined) return 'vanished';
  if (status === undefined) return 'region_not_in_policy';
  if (status.exclusion !== undefined) return status.exclusion;
  if (status.doubt !== undefined) return status.doubt;
  if (report.status === 'healthy') return report.leaving_seconds === undefined ? status.unproven : 'leaving';
  const reason = report.probe?.['reason'];
  return typeof reason === 'string' ? printable(reason.slice(0, 256)) : undefined;
}

/** Makes a node's text safe for a terminal. Replaces control characters, and halves of a character that was cut in two. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, '?');
}
