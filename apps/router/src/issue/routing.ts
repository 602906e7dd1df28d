import type { Policy } from '@turn-router/contract/policy';
import type { GeoLocator } from '@turn-router/geo';
import {
  createBalancer,
  createPlacer,
  type Balancer,
  type FindExclusion,
  type FleetChange,
  type NodeStatus,
  type PlaceCaller,
  type Placement,
  type ProvenCapacities,
  type RelayDecision,
  type RelayNode,
  type RelayWishes,
} from '@turn-router/selection';
import type { CallerScope } from '../callers/auth/caller.ts';
import { problemFromRefusal } from './problem-from-refusal.ts';

/** Placement and balancer, with the current policy, and with the clock and the randomness of this process. */
export type Routing = Pick<Balancer, 'status' | 'unproven' | 'provenCapacities' | 'countNodes'> & {
  readonly policy: () => Policy;
  readonly placeCaller: PlaceCaller;
  readonly chooseRelays: (placement: Placement, wishes: RelayWishes) => RelayDecision;
  readonly countIssued: (nodes: readonly RelayNode[]) => void;
  /** Returns the current status of a node by name. Returns undefined if no region of the policy has this node. */
  readonly nodeStatus: (name: string) => NodeStatus | undefined;
  /** Whether the policy names static nodes. */
  readonly hasStaticNodes: () => boolean;
  readonly usePolicy: (policy: Policy) => void;
  /** Processes some reports of a change, before the change is applied. */
  readonly takeReports: (nodes: FleetChange['changed']) => void;
  /** Applies a change of the fleet. Must also be called without a change, because estimates depend on time. */
  readonly applyChange: (change: FleetChange) => void;
};

export type RoutingParts = {
  /** A monotonic clock, ms. */
  readonly monotonicNowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The capacity that each node proved to an earlier process. */
  readonly proven?: ProvenCapacities | undefined;
  /** Default: excludes nodes that report a wrong clock. */
  readonly findExclusion?: FindExclusion;
};

export function createRouting(
  initialPolicy: Policy,
  { monotonicNowMs, random, findExclusion, proven }: RoutingParts,
): Routing {
  let policy = initialPolicy;
  let placeCaller = createPlacer(initialPolicy);
  const balancer = createBalancer(initialPolicy, {
    staticNodes: 'last-resort',
    nowMs: monotonicNowMs(),
    proven,
    ...(findExclusion !== undefined && { findExclusion }),
  });

  return {
    policy: () => policy,
    placeCaller: (caller) => placeCaller(caller),
    chooseRelays: (placement, wishes) => balancer.chooseFor(placement, wishes, monotonicNowMs(), random),
    countIssued: (nodes) => balancer.countIssued(nodes, monotonicNowMs()),
    status: balancer.status,
    unproven: balancer.unproven,
    provenCapacities: balancer.provenCapacities,
    nodeStatus: (name) => balancer.nodeStatus(name, monotonicNowMs()),
    countNodes: balancer.countNodes,
    hasStaticNodes: balancer.hasStaticNodes,
    usePolicy(next) {
      policy = next;
      placeCaller = createPlacer(next);
      balancer.usePolicy(next, monotonicNowMs());
    },
    takeReports: (nodes) => balancer.takeReports(nodes, monotonicNowMs()),
    applyChange: (change) => balancer.apply(change, monotonicNowMs()),
  };
}

/** The placement of a caller, and its relays. */
export type ChosenRelays = {
  readonly placement: Placement;
  readonly decision: Extract<RelayDecision, { ok: true }>;
};

/**
 * Locates and places a caller, chooses relays, and counts them as issued.
 *
 * @throws ProblemError if there is no relay
 */
export type PlaceAndChoose = (
  address: string | undefined,
  scope: Pick<CallerScope, 'regions'>,
  wishes: RelayWishes,
) => ChosenRelays;

export function createPlaceAndChoose(geo: GeoLocator, routing: Routing): PlaceAndChoose {
  return (address, scope, wishes) => {
    const placement = placeAddress(address, scope, geo, routing);
    const decision = routing.chooseRelays(placement, wishes);
    if (!decision.ok) throw problemFromRefusal(decision, routing.policy());
    routing.countIssued(decision.nodes);
    return { placement, decision };
  };
}

/** Places a caller by its address. If the address is missing, or the GeoIP data lacks it, the caller gets the default placement. */
export function placeAddress(
  address: string | undefined,
  { regions }: Pick<CallerScope, 'regions'>,
  geo: GeoLocator,
  { placeCaller }: Pick<Routing, 'placeCaller'>,
): Placement {
  return placeCaller(address === undefined ? { regions } : { address, regions, ...geo.locate(address) });
}
