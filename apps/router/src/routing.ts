import type { Policy } from '@turn-router/contract';
import {
  createBalancer,
  createRegionLadder,
  type Balancer,
  type BalancerStatus,
  type RegionLadder,
  type RegistryReading,
} from '@turn-router/selection';

/** Keeps what decisions read in step with the policy and the registry. */
export type Routing = {
  readonly policy: () => Policy;
  readonly placeCaller: RegionLadder;
  readonly chooseRelays: (
    caller: Parameters<Balancer['choose']>[0],
    wishes: Parameters<Balancer['choose']>[1],
  ) => ReturnType<Balancer['choose']>;
  readonly countIssued: (nodes: Parameters<Balancer['countIssued']>[0]) => void;
  readonly status: () => BalancerStatus;
  readonly usePolicy: (policy: Policy) => void;
  /** Takes in the registry as last read, again and again: time passes even when the registry is away. */
  readonly useReading: (reading: RegistryReading) => void;
};

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

  return {
    policy: () => policy,
    placeCaller: (caller) => ladder(caller),
    chooseRelays: (caller, wishes) => balancer.choose(caller, wishes, monotonicNowMs(), random),
    countIssued: (nodes) => balancer.countIssued(nodes, monotonicNowMs()),
    status: balancer.status,
    usePolicy(next) {
      policy = next;
      ladder = createRegionLadder(next);
      balancer.usePolicy(next, monotonicNowMs());
    },
    useReading: (reading) => balancer.observe(reading, monotonicNowMs()),
  };
}
