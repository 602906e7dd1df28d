import type { Policy } from '@turn-router/contract/policy';
import type { GeoLocator } from '@turn-router/geo';
import {
  createBalancer,
  createPlacer,
  type Balancer,
  type FleetChange,
  type NodeStatus,
  type PlaceCaller,
  type Placement,
  type RelayDecision,
  type RelayNode,
  type RelayWishes,
} from '@turn-router/selection';
import type { CallerScope } from '../callers/auth/caller.ts';
import { problemFromRefusal } from './problem-from-refusal.ts';

/** Placement and balancer by the policy in force, and by this process's clock and chance. */
export type Routing = Pick<Balancer, 'status' | 'countNodes'> & {
  readonly policy: () => Policy;
  readonly placeCaller: PlaceCaller;
  readonly chooseRelays: (placement: Placement, wishes: RelayWishes) => RelayDecision;
  readonly countIssued: (nodes: readonly RelayNode[]) => void;
  /** One node at this moment, by its name; undefined when none of that name is in a region of the policy. */
  readonly nodeStatus: (name: string) => NodeStatus | undefined;
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
    nodeStatus: (name) => balancer.nodeStatus(name, monotonicNowMs()),
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

/** Where a caller belongs, and the relays that it gets. */
export type ChosenRelays = {
  readonly placement: Placement;
  readonly decision: Extract<RelayDecision, { ok: true }>;
};

/**
 * Locates, places and chooses for a caller, and counts the relays as given out.
 *
 * @throws ProblemError when there is none
 */
export type ChooseForCaller = (
  address: string | undefined,
  scope: Pick<CallerScope, 'regions'>,
  wishes: RelayWishes,
) => ChosenRelays;

export function createChooser(geo: GeoLocator, routing: Routing): ChooseForCaller {
  return (address, scope, wishes) => {
    const placement = placeAddress(address, scope, geo, routing);
    const decision = routing.chooseRelays(placement, wishes);
    if (!decision.ok) throw problemFromRefusal(decision, routing.policy());
    routing.countIssued(decision.nodes);
    return { placement, decision };
  };
}

/** Where a caller with this address belongs; one without an address, or whom the data does not know, is placed by the default. */
export function placeAddress(
  address: string | undefined,
  { regions }: Pick<CallerScope, 'regions'>,
  geo: GeoLocator,
  { placeCaller }: Pick<Routing, 'placeCaller'>,
): Placement {
  return placeCaller(address === undefined ? { regions } : { address, regions, ...geo.locate(address) });
}
