import type { Policy } from '@turn-router/contract/policy';
import type { RelayCandidate, RelayFleet, RegionView } from './relay-fleet.ts';
import { climb, refusals, type Landing, type RelayQuestion } from './ladder.ts';
import { membersOffering } from './node-pool.ts';
import { pickNodes, type GivableNodes } from './pick-nodes.ts';
import type { Placement } from './placement.ts';
import type { RelayDecision, RelayWishes } from './relay-decision.ts';
import { anyTransportBit, transportBitsOf } from './relay-node.ts';
import { isAllowedRegion } from './residency.ts';

/** The nodes that a decision chooses from. */
export type Fleets<T extends RelayCandidate = RelayCandidate> = {
  /** Those of the registry. */
  readonly reported: RelayFleet<T>;
  /** Those that the policy names; undefined when there are none. */
  readonly lastResort?: RelayFleet<T> | undefined;
};

/**
 * Decides which relays a caller gets: by the ladder the region, by two choices its nodes. Pure: the same arguments and the same draws give
 * the same decision.
 *
 * @param random uniform in [0, 1)
 */
export function chooseRelays<T extends RelayCandidate>(
  placement: Placement,
  wishes: RelayWishes,
  { reported, lastResort }: Fleets<T>,
  policy: Policy,
  random: () => number,
): RelayDecision {
  if (isUnknown(wishes.requireRegion, policy)) return refusals.unknownRequired;
  if (isUnknown(wishes.preferRegion, policy)) return refusals.unknownPreferred;
  const overStaticNodes =
    lastResort === undefined
      ? undefined
      : () => questionOver(lastResort, givableNodes(wishes, lastResort), placement, wishes, policy, random);
  const givable = givableNodes(wishes, reported);
  const landing = climb(questionOver(reported, givable, placement, wishes, policy, random, overStaticNodes));
  if ('code' in landing) return landing;
  return landing.reason === 'static' && lastResort !== undefined
    ? answerFrom(lastResort, givableNodes(wishes, lastResort), landing, wishes.maxNodes, random)
    : answerFrom(reported, givable, landing, wishes.maxNodes, random);
}

function isUnknown(region: string | undefined, { regions }: Policy): boolean {
  return region !== undefined && !Object.hasOwn(regions, region);
}

function questionOver<T extends RelayCandidate>(
  fleet: RelayFleet<T>,
  givable: GivableNodes<T>,
  placement: Placement,
  { requireRegion, preferRegion }: RelayWishes,
  policy: Policy,
  random: () => number,
  overStaticNodes?: () => RelayQuestion,
): RelayQuestion {
  const regionFor = (region: string): RegionView<T> | undefined => {
    const view = isAllowedRegion(region, placement.allowed) ? fleet.regionOf(region) : undefined;
    return view !== undefined && hasGivable(view, givable) ? view : undefined;
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
    // A caller whose home is forbidden is allowed nowhere, so that its targets are none of its business.
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
    overStaticNodes,
    policy,
    random,
  };
}

const nothing: readonly never[] = [];

/** The caller's hard wishes for nodes, made ready to be asked of many. */
function givableNodes<T extends RelayCandidate>(
  { transports, excludeNodes }: RelayWishes,
  fleet: RelayFleet<T>,
): GivableNodes<T> {
  const transportBits = transports === undefined ? anyTransportBit : transportBitsOf(transports);
  if (excludeNodes === undefined || excludeNodes.length === 0) return { transportBits, excluded: nothing };
  const excluded: T[] = [];
  for (const name of excludeNodes) {
    const node = fleet.nodeNamed(name);
    if (node !== undefined && !excluded.includes(node)) excluded.push(node);
  }
  return { transportBits, excluded };
}

function hasGivable<T extends RelayCandidate>(
  { pool }: RegionView<T>,
  { transportBits, excluded }: GivableNodes<T>,
): boolean {
  if (pool === undefined) return false;
  const offering = membersOffering(pool, transportBits);
  if (offering === null) return false;
  // More than are excluded: one is left. Else there are few.
  const { members } = offering;
  return members.length > excluded.length || members.some((member) => !excluded.includes(member));
}

function answerFrom<T extends RelayCandidate>(
  fleet: RelayFleet<T>,
  givable: GivableNodes<T>,
  { region, reason, wantedRegion, isOverloaded }: Landing,
  maxNodes: number,
  random: () => number,
): RelayDecision {
  const pool = fleet.regionOf(region)?.pool;
  if (pool === undefined) return refusals.noRelay;
  const nodes = pickNodes(pool, maxNodes, givable, fleet.nodeLoad, random).map(({ node }) => node);
  const answer = { ok: true, region, reason, nodes } as const;
  if (region === wantedRegion) return isOverloaded ? { ...answer, overloaded: true } : answer;
  return { ...answer, spilledFrom: wantedRegion, ...(isOverloaded ? { overloaded: true } : {}) };
}
