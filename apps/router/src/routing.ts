import type { Policy } from '@turn-router/contract';
import {
  createBalancer,
  createPlacer,
  type Balancer,
  type FleetChange,
  type PlaceCaller,
  type Placement,
  type RelayDecision,
  type RelayNode,
  type RelayWishes,
} from '@turn-router/selection';

/** Placement and balancer by the policy in force, and by this process's clock and chance. */
export type Routing = Pick<Balancer, 'status' | 'countNodes'> & {
  readonly policy: () => Policy;
  readonly placeCaller: PlaceCaller;
  readonly chooseRelays: (placement: Placement, wishes: RelayWishes) => RelayDecision;
  readonly countIssued: (nodes: readonly RelayNode[]) => void;
  /** Whether the policy names nodes of last resort. */
  readonly hasStaticNodes: () => boolean;
  readonly usePolicy: (policy: Policy) => void;
  /** Takes in some reports ahead of the change that goes with them. */
  readonly takeReports: (nodes: FleetChange['changed']) => void;
  /** Takes in what has changed in the fleet; call it even when nothing has, since time passes. */
  readonly applyChange: (change: FleetChange) => void;
};

export type RoutingParts = {
  /** A clock that never steps, ms. */
  readonly monotonicNowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

export function createRouting(initialPolicy: Policy, { monotonicNowMs, random }: RoutingParts): Routing {
  let policy = initialPolicy;
  let placeCaller = createPlacer(initialPolicy);
  const balancer = createBalancer(initialPolicy, { lastResort: 'static-nodes', nowMs: monotonicNowMs() });

  return {
    policy: () => policy,
    placeCaller: (caller) => placeCaller(caller),
    chooseRelays: (placement, wishes) => balancer.chooseFor(placement, wishes, monotonicNowMs(), random),
    countIssued: (nodes) => balancer.countIssued(nodes, monotonicNowMs()),
    status: balancer.status,
    countNodes: balancer.countNodes,
    hasStaticNodes: balancer.hasLastResort,
    usePolicy(next) {
      policy = next;
      placeCaller = createPlacer(next);
      balancer.usePolicy(next, monotonicNowMs());
    },
    takeReports: (nodes) => balancer.takeReports(nodes, monotonicNowMs()),
    applyChange: (change) => balancer.apply(change, monotonicNowMs()),
  };
}
