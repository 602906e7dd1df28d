import type { Policy } from '@turn-router/contract';
import {
  createBalancer,
  createRegionLadder,
  staticNodesOf,
  type Balancer,
  type BalancerStatus,
  type RegionLadder,
  type RegionReason,
  type RegistryReading,
  type PlacedCaller,
  type RelayDecision,
  type RelayRefusal,
  type RelayWishes,
} from '@turn-router/selection';

/** Keeps what decisions read in step with the policy and the registry. */
export type Routing = {
  readonly policy: () => Policy;
  readonly placeCaller: RegionLadder;
  readonly chooseRelays: (caller: PlacedCaller, wishes: RelayWishes) => RoutedDecision;
  readonly countIssued: (nodes: Parameters<Balancer['countIssued']>[0]) => void;
  readonly status: () => BalancerStatus;
  /** Nodes that take calls, of all regions in use. */
  readonly countNodes: () => number;
  /** Whether the policy names nodes of last resort. */
  readonly hasStaticNodes: () => boolean;
  readonly usePolicy: (policy: Policy) => void;
  /** Takes in some reports of a reading that is about to be used. */
  readonly takeReports: (nodes: RegistryReading['nodes']) => void;
  /** Takes in the registry as last read, again and again: time passes even when the registry is away. */
  readonly useReading: (reading: RegistryReading) => void;
};

/** Why a region was chosen; `static`: the registry had no node for the caller, and the policy has. */
export type RoutedReason = RegionReason | 'static';

export type RoutedDecision =
  | (Omit<Extract<RelayDecision, { ok: true }>, 'reason'> & { readonly reason: RoutedReason })
  | Extract<RelayDecision, { ok: false }>;

export type RoutingParts = {
  /** A clock that never steps, ms. */
  readonly monotonicNowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

export function createRouting(initialPolicy: Policy, { monotonicNowMs, random }: RoutingParts): Routing {
  let policy = initialPolicy;
  let ladder = createRegionLadder(initialPolicy);
  const balancer = createBalancer(initialPolicy);
  // The last resort has a balancer of its own: its nodes must not draw calls while there are others.
  const lastResort = createBalancer(initialPolicy);
  let staticNodes = staticNodesOf(initialPolicy);
  lastResort.observe({ nodes: staticNodes, replicas: 1 }, monotonicNowMs());

  function chooseRelays(caller: PlacedCaller, wishes: RelayWishes): RoutedDecision {
    const nowMs = monotonicNowMs();
    const decision = balancer.choose(caller, wishes, nowMs, random);
    if (decision.ok || staticNodes.length === 0 || !isOutage(decision.code)) return decision;
    const resort = lastResort.choose(caller, wishes, nowMs, random);
    return resort.ok ? { ...resort, reason: 'static' } : decision;
  }

  return {
    policy: () => policy,
    placeCaller: (caller) => ladder(caller),
    chooseRelays,
    countIssued(nodes) {
      balancer.countIssued(nodes, monotonicNowMs());
      if (staticNodes.length > 0) lastResort.countIssued(nodes, monotonicNowMs());
    },
    status: balancer.status,
    countNodes: balancer.countNodes,
    hasStaticNodes: () => staticNodes.length > 0,
    usePolicy(next) {
      policy = next;
      ladder = createRegionLadder(next);
      staticNodes = staticNodesOf(next);
      balancer.usePolicy(next, monotonicNowMs());
      lastResort.usePolicy(next, monotonicNowMs());
      lastResort.observe({ nodes: staticNodes, replicas: balancer.status().replicas }, monotonicNowMs());
    },
    takeReports: (nodes) => balancer.takeReports(nodes, monotonicNowMs()),
    useReading(reading) {
      balancer.observe(reading, monotonicNowMs());
      lastResort.observe({ nodes: staticNodes, replicas: reading.replicas }, monotonicNowMs());
    },
  };
}

/** There is no node that may serve the caller; other refusals hold for static nodes as well. */
function isOutage(code: RelayRefusal['code']): boolean {
  return code === 'no_relay_available' || code === 'region_unavailable';
}
