import type { Policy } from '@turn-router/contract/policy';
import type { Balancer } from './balancer.ts';
import { chooseRelays } from './choose-relays.ts';
import type { FindExclusion } from './exclusion.ts';
import { createFleetState } from './fleet-state.ts';
import type { ProvenCapacities } from './proven-memory.ts';
import { placementOf } from './residency.ts';
import { staticNodesOf } from './static-nodes.ts';

export type BalancerOptions = {
  /** If the registry has no node for a call, uses the policy's static nodes. Without this option, the call is refused. */
  readonly staticNodes: 'last-resort';
  /** Time on the balancer's clock. */
  readonly nowMs: number;
  /** The result of `provenCapacities` of an earlier process. */
  readonly proven?: ProvenCapacities | undefined;
  /** Default: excludes nodes that report a wrong clock. */
  readonly findExclusion?: FindExclusion;
};

export function createBalancer(initialPolicy: Policy, options?: BalancerOptions): Balancer {
  let policy = initialPolicy;
  const fleet = createFleetState(initialPolicy, { proven: options?.proven, findExclusion: options?.findExclusion });
  // Static nodes are a separate fleet, because they must not take calls while the registry has nodes.
  // The operator states their capacity, so it needs no proof.
  const statics = createFleetState(initialPolicy, { bounds: 'none' });
  let staticNodes = options === undefined ? [] : staticNodesOf(initialPolicy);
  if (options !== undefined) observeStatics(options.nowMs);

  function observeStatics(nowMs: number): void {
    if (staticNodes.length > 0) statics.observe({ nodes: staticNodes, replicas: fleet.replicas() }, nowMs);
  }

  const balancer: Balancer = {
    apply(change, nowMs) {
      fleet.apply(change, nowMs);
      observeStatics(nowMs);
    },
    takeReports: (nodes, nowMs) => fleet.takeReports(nodes, nowMs),
    observe(reading, nowMs) {
      fleet.observe(reading, nowMs);
      observeStatics(nowMs);
    },
    usePolicy(next, nowMs) {
      policy = next;
      fleet.usePolicy(next, nowMs);
      if (options === undefined) return;
      statics.usePolicy(next, nowMs);
      staticNodes = staticNodesOf(next);
      statics.observe({ nodes: staticNodes, replicas: fleet.replicas() }, nowMs);
    },
    chooseFor: (placement, wishes, nowMs, random) =>
      chooseRelays(
        placement,
        wishes,
        { reported: fleet.viewAt(nowMs), staticNodes: staticNodes.length === 0 ? undefined : statics.viewAt(nowMs) },
        policy,
        random,
      ),
    choose: (caller, wishes, nowMs, random) =>
      balancer.chooseFor(placementOf(caller, 'default', policy), wishes, nowMs, random),
    countIssued(nodes, nowMs) {
      fleet.countIssued(nodes, nowMs);
      if (staticNodes.length > 0) statics.countIssued(nodes, nowMs);
    },
    status: () => ({
      regions: fleet.regions(),
      spills: fleet.spills(),
      doubted: fleet.doubted(),
      excluded: fleet.excluded(),
      replicas: fleet.replicas(),
    }),
    nodeStatus: (name, nowMs) => fleet.nodeStatus(name, nowMs),
    unproven: fleet.unproven,
    provenCapacities: fleet.provenCapacities,
    countNodes: fleet.countNodes,
    hasStaticNodes: () => staticNodes.length > 0,
  };
  return balancer;
}
