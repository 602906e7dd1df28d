import type { Policy, Transport } from '@turn-router/contract';
import type { Fleet } from './fleet.ts';
import { createNodePool, pickNode, type NodePool } from './node-pool.ts';
import type { RelayNode } from './relay-node.ts';
import { chooseSpillTarget, spillShare } from './spill.ts';

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

/** Why the answer's region was taken: the rung that decided. */
export type RegionReason = 'required' | 'preferred' | 'home' | 'spill' | 'outage';

export type RelayDecision =
  | {
      readonly ok: true;
      readonly region: string;
      readonly reason: RegionReason;
      /** The caller's own (or preferred) region, when `region` is another. */
      readonly spilledFrom?: string;
      /** Best first, one to `maxNodes`. */
      readonly nodes: readonly RelayNode[];
    }
  | RelayRefusal;

export type RelayRefusal =
  | { readonly ok: false; readonly code: 'unknown_region'; readonly field: 'requireRegion' | 'preferRegion' }
  | { readonly ok: false; readonly code: 'region_unavailable' }
  | { readonly ok: false; readonly code: 'no_relay_available' };

/**
 * Decides which relays a caller gets. Pure: the same arguments and the same draws give the same decision.
 *
 * @param homeRegion where the caller was placed
 * @param random uniform in [0, 1)
 */
export function chooseRelays(
  homeRegion: string,
  wishes: RelayWishes,
  fleet: Fleet,
  policy: Policy,
  random: () => number,
): RelayDecision {
  for (const field of ['requireRegion', 'preferRegion'] as const) {
    const region = wishes[field];
    if (region !== undefined && !Object.hasOwn(policy.regions, region))
      return { ok: false, code: 'unknown_region', field };
  }
  const offer = (region: string) => offeredPool(region, wishes, fleet);

  const { requireRegion, preferRegion } = wishes;
  if (requireRegion !== undefined) {
    const pool = offer(requireRegion);
    return pool === undefined
      ? { ok: false, code: 'region_unavailable' }
      : { ok: true, region: requireRegion, reason: 'required', nodes: pickNodes(pool, wishes.maxNodes, random) };
  }

  const preferred = preferRegion !== undefined && offer(preferRegion) !== undefined;
  const wanted = preferred ? preferRegion : homeRegion;
  const elsewhere = chooseElsewhere(wanted, offer, fleet, policy, random);
  const region = elsewhere?.region ?? wanted;
  const pool = offer(region);
  if (pool === undefined) return { ok: false, code: 'no_relay_available' };
  return {
    ok: true,
    region,
    reason: elsewhere?.reason ?? (preferred ? 'preferred' : 'home'),
    ...(region === wanted ? {} : { spilledFrom: wanted }),
    nodes: pickNodes(pool, wishes.maxNodes, random),
  };
}

/** The nodes of a region that the wishes leave; undefined when none. */
function offeredPool(region: string, { transports, excludeNodes }: RelayWishes, fleet: Fleet): NodePool | undefined {
  const pool = fleet.get(region)?.pool;
  if (pool === undefined || (transports === undefined && excludeNodes === undefined)) return pool;
  const nodes = pool.nodes.filter(
    (node) =>
      (transports === undefined || transports.some((transport) => node.transports.includes(transport))) &&
      excludeNodes?.includes(node.name) !== true,
  );
  return nodes.length === 0 ? undefined : createNodePool(nodes);
}

/**
 * Another region for this call, because the wanted one has nothing to offer or is past its target. Only the wanted region's own
 * targets come into question, and none that is past its own start: so two regions never spill into each other.
 */
function chooseElsewhere(
  wanted: string,
  offer: (region: string) => NodePool | undefined,
  fleet: Fleet,
  policy: Policy,
  random: () => number,
): { region: string; reason: 'spill' | 'outage' } | undefined {
  const loadOf = (region: string) => fleet.get(region)?.load ?? 0;
  const able = (policy.regions[wanted]?.spillover ?? []).filter(({ region }) => offer(region) !== undefined);
  const willing = able.filter(({ region }) => loadOf(region) < policy.spillover.start);

  if (offer(wanted) === undefined) {
    const leastFull = able.reduce<string | undefined>(
      (least, { region }) => (least === undefined || loadOf(region) < loadOf(least) ? region : least),
      undefined,
    );
    const region = willing[0]?.region ?? leastFull;
    return region === undefined ? undefined : { region, reason: 'outage' };
  }

  const share = spillShare(loadOf(wanted), policy.spillover);
  if (share === 0) return undefined;
  const region = chooseSpillTarget(share, willing, random());
  return region === undefined ? undefined : { region, reason: 'spill' };
}

function pickNodes(pool: NodePool, count: number, random: () => number): RelayNode[] {
  const node = pickNode(pool, random);
  if (node === undefined) return [];
  if (count === 1 || pool.nodes.length === 1) return [node];
  const rest = createNodePool(pool.nodes.filter((other) => other !== node));
  return [node, ...pickNodes(rest, count - 1, random)];
}
