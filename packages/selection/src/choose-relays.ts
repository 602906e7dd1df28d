import type { Policy, Transport } from '@turn-router/contract';
import type { PlacedCaller, SpillEdge } from './balancer.ts';
import { chooseRegion, type RegionReason } from './choose-region.ts';
import type { Drawable, NodePool } from './node-pool.ts';
import { pickNodes } from './pick-nodes.ts';
import type { RelayNode } from './relay-node.ts';
import { allowedHome, allowedRegions, isAllowedRegion } from './residency.ts';

export type RelayWishes = {
  /** Hard: only this region, whatever its load. */
  readonly requireRegion?: string | undefined;
  /** A wish: this region instead of the caller's own, if it has a relay to offer. */
  readonly preferRegion?: string | undefined;
  /** Hard: only nodes that offer one of these. */
  readonly transports?: readonly Transport[] | undefined;
  /** Hard: `<region>/<id>` of nodes not to use. */
  readonly excludeNodes?: readonly string[] | undefined;
  /** At least 1. */
  readonly maxNodes: number;
};

export type RelayDecision =
  | {
      readonly ok: true;
      readonly region: string;
      readonly reason: RegionReason;
      /** The caller's own (or preferred) region, after residency rules moved it, when `region` is another. */
      readonly spilledFrom?: string;
      /** The region is past `spillover.full`, and so is everything else that the caller may use; or it was required. */
      readonly overloaded?: true;
      /** Best first, one to `maxNodes`, all of the region. */
      readonly nodes: readonly RelayNode[];
    }
  | RelayRefusal;

export type RelayRefusal =
  | { readonly ok: false; readonly code: 'unknown_region'; readonly field: 'requireRegion' | 'preferRegion' }
  | { readonly ok: false; readonly code: 'region_forbidden' | 'region_unavailable' | RefusalWithoutRegion };

type RefusalWithoutRegion = 'no_relay_available' | 'fleet_overloaded';

/** A node that calls can be given to, and how loaded it is to be taken for at this moment. */
export type Candidate = Drawable & { readonly node: RelayNode };

/** The fleet at one moment, as decisions read it. */
export type FleetView<T extends Candidate = Candidate> = {
  /** Nodes of a region that take calls; undefined when there are none. */
  readonly poolOf: (region: string) => NodePool<T> | undefined;
  readonly nodeLoad: (candidate: T) => number;
  /** Estimated part of a region's capacity in use; 0 without nodes. */
  readonly regionLoad: (region: string) => number;
  readonly capacityMbps: (region: string) => number;
  readonly edgesFrom: (region: string) => readonly SpillEdge[];
};

/**
 * Decides which relays a caller gets. Pure: the same arguments and the same draws give the same decision.
 *
 * @param random uniform in [0, 1)
 */
export function chooseRelays<T extends Candidate>(
  caller: PlacedCaller,
  wishes: RelayWishes,
  fleet: FleetView<T>,
  policy: Policy,
  random: () => number,
): RelayDecision {
  for (const field of ['requireRegion', 'preferRegion'] as const) {
    const region = wishes[field];
    if (region !== undefined && !Object.hasOwn(policy.regions, region))
      return { ok: false, code: 'unknown_region', field };
  }
  const allowed = allowedRegions(caller, policy);
  const isWanted = nodeFilter(wishes);
  const isAble = (region: string) => isAllowedRegion(region, allowed) && offers(fleet.poolOf(region), isWanted);
  const isFull = (region: string) => fleet.regionLoad(region) >= policy.spillover.full;
  const answer = (region: string, reason: RegionReason, wanted: string): RelayDecision => {
    const pool = fleet.poolOf(region);
    if (pool === undefined) return { ok: false, code: 'no_relay_available' };
    return {
      ok: true,
      region,
      reason,
      ...(region === wanted ? {} : { spilledFrom: wanted }),
      ...(reason === 'overload' || (reason === 'required' && isFull(region)) ? { overloaded: true } : {}),
      nodes: pickNodes(pool, wishes.maxNodes, isWanted, fleet.nodeLoad, random).map(({ node }) => node),
    };
  };

  const { requireRegion, preferRegion } = wishes;
  if (requireRegion !== undefined) {
    if (!isAllowedRegion(requireRegion, allowed)) return { ok: false, code: 'region_forbidden' };
    if (!isAble(requireRegion)) return { ok: false, code: 'region_unavailable' };
    if (policy.overload === 'refuse' && isFull(requireRegion)) return { ok: false, code: 'fleet_overloaded' };
    return answer(requireRegion, 'required', requireRegion);
  }

  const isPreferred = preferRegion !== undefined && isAble(preferRegion);
  const wanted = isPreferred ? preferRegion : allowedHome(caller.homeRegion, allowed, policy);
  if (wanted === undefined) return { ok: false, code: 'no_relay_available' };
  const targets = policy.regions[wanted]?.spillover.map(({ region }) => region) ?? [];
  const choice = chooseRegion(
    wanted,
    targets,
    { isAble, loadOf: fleet.regionLoad, capacityMbpsOf: fleet.capacityMbps, edgesFrom: fleet.edgesFrom },
    policy.spillover,
    random,
  );
  if (choice === undefined) return { ok: false, code: 'no_relay_available' };
  if (choice.reason === 'overload' && policy.overload === 'refuse') return { ok: false, code: 'fleet_overloaded' };
  return answer(choice.region, isPreferred && choice.reason === 'home' ? 'preferred' : choice.reason, wanted);
}

function nodeFilter({ transports, excludeNodes }: RelayWishes): (candidate: Candidate) => boolean {
  if (transports === undefined && excludeNodes === undefined) return always;
  return ({ node }) =>
    (transports === undefined || transports.some((transport) => node.transports.includes(transport))) &&
    excludeNodes?.includes(node.name) !== true;
}

function always(): boolean {
  return true;
}

function offers<T extends Candidate>(pool: NodePool<T> | undefined, isWanted: (candidate: T) => boolean): boolean {
  return pool !== undefined && (isWanted === always || pool.members.some((member) => isWanted(member)));
}
