import type { Policy } from '@turn-router/contract/policy';
import type { RelayCandidate, RelayFleet, RegionView } from './relay-fleet.ts';
import { climbLadder, refusals, type ChosenRegion, type RelayQuestion } from './ladder.ts';
import { membersOffering } from './node-pool.ts';
import { pickNodes, type NodeFilter } from './pick-nodes.ts';
import type { Placement } from './placement.ts';
import type { RelayDecision, RelayWishes } from './relay-decision.ts';
import { anyTransportBit, transportBitsOf } from './relay-node.ts';
import { isAllowedRegion } from './residency.ts';

/** The fleets that a decision chooses from. */
export type Fleets<T extends RelayCandidate = RelayCandidate> = {
  /** Nodes of the registry. */
  readonly reported: RelayFleet<T>;
  /** Static nodes of the policy. Undefined if the policy has no static nodes. */
  readonly staticNodes?: RelayFleet<T> | undefined;
};

/**
 * Decides which relays a caller gets. The ladder chooses the region. The power of two choices picks nodes of this region. Pure function: the
 * same arguments and the same random numbers give the same decision.
 *
 * @param random uniform in [0, 1)
 */
export function chooseRelays<T extends RelayCandidate>(
  placement: Placement,
  wishes: RelayWishes,
  { reported, staticNodes }: Fleets<T>,
  policy: Policy,
  random: () => number,
): RelayDecision {
  if (isUnknown(wishes.requireRegion, policy)) return refusals.unknownRequired;
  if (isUnknown(wishes.preferRegion, policy)) return refusals.unknownPreferred;
  const staticNodesQuestion =
    staticNodes === undefined
      ? undefined
      : () => questionFor(staticNodes, nodeFilter(wishes, staticNodes), placement, wishes, policy, random);
  const filter = nodeFilter(wishes, reported);
  const chosen = climbLadder(questionFor(reported, filter, placement, wishes, policy, random, staticNodesQuestion));
  if ('code' in chosen) return chosen;
  return chosen.reason === 'static' && staticNodes !== undefined
    ? answerFrom(staticNodes, nodeFilter(wishes, staticNodes), chosen, wishes.maxNodes, random)
    : answerFrom(reported, filter, chosen, wishes.maxNodes, random);
}

function isUnknown(region: string | undefined, { regions }: Policy): boolean {
  return region !== undefined && !Object.hasOwn(regions, region);
}

function questionFor<T extends RelayCandidate>(
  fleet: RelayFleet<T>,
  filter: NodeFilter<T>,
  placement: Placement,
  { requireRegion, preferRegion }: RelayWishes,
  policy: Policy,
  random: () => number,
  staticNodesQuestion?: () => RelayQuestion,
): RelayQuestion {
  const regionFor = (region: string): RegionView<T> | undefined => {
    const view = isAllowedRegion(region, placement.allowed) ? fleet.regionOf(region) : undefined;
    return view !== undefined && hasMatchingNode(view, filter) ? view : undefined;
  };
  let wantedRegion = requireRegion ?? placement.home;
  let wanted: RegionView<T> | undefined;
  let isPreferred = false;
  const targets: RegionView<T>[] = [];
  if (requireRegion === undefined) {
    wanted = preferRegion === undefined ? undefined : regionFor(preferRegion);
    isPreferred = wanted !== undefined;
    wanted ??= regionFor(wantedRegion);
    if (wanted !== undefined) wantedRegion = wanted.region;
    // If the home region is not allowed, no region is allowed. Then the caller gets no targets either.
    if (isPreferred || isAllowedRegion(wantedRegion, placement.allowed)) {
      for (const { region } of policy.regions[wantedRegion]?.spillover ?? []) {
        const target = regionFor(region);
        if (target !== undefined) targets.push(target);
      }
    }
  }
  return {
    placement,
    requireRegion,
    wantedRegion,
    wanted,
    isPreferred,
    targets,
    regionFor,
    staticNodesQuestion,
    policy,
    random,
  };
}

const nothing: readonly never[] = [];

/** Converts the caller's mandatory wishes for nodes to a form that is fast to check for many nodes. */
function nodeFilter<T extends RelayCandidate>(
  { transports, excludeNodes }: RelayWishes,
  fleet: RelayFleet<T>,
): NodeFilter<T> {
  const transportBits = transports === undefined ? anyTransportBit : transportBitsOf(transports);
  if (excludeNodes === undefined || excludeNodes.length === 0) return { transportBits, excluded: nothing };
  const excluded: T[] = [];
  for (const name of excludeNodes) {
    const node = fleet.nodeNamed(name);
    if (node !== undefined && !excluded.includes(node)) excluded.push(node);
  }
  return { transportBits, excluded };
}

function hasMatchingNode<T extends RelayCandidate>(
  { pool }: RegionView<T>,
  { transportBits, excluded }: NodeFilter<T>,
): boolean {
  if (pool === undefined) return false;
  const offering = membersOffering(pool, transportBits);
  if (offering === null) return false;
  // If there are more members than excluded nodes, at least one member remains. Otherwise only few members have to be checked.
  const { members } = offering;
  return members.length > excluded.length || members.some((member) => !excluded.includes(member));
}

function answerFrom<T extends RelayCandidate>(
  fleet: RelayFleet<T>,
  filter: NodeFilter<T>,
  { region, reason, wantedRegion, isOverloaded }: ChosenRegion,
  maxNodes: number,
  random: () => number,
): RelayDecision {
  const pool = fleet.regionOf(region)?.pool;
  if (pool === undefined) return refusals.noRelay;
  const nodes = pickNodes(pool, maxNodes, filter, fleet.cautiousLoad, random).map(({ node }) => node);
  const answer = { ok: true, region, reason, nodes } as const;
  if (region === wantedRegion) return isOverloaded ? { ...answer, overloaded: true } : answer;
  return { ...answer, spilledFrom: wantedRegion, ...(isOverloaded ? { overloaded: true } : {}) };
}
