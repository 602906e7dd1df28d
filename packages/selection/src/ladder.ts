import type { PlacementRung } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import { drawForLostRegion, drawSpill, leastLoaded } from './draw-region.ts';
import type { RegionView } from './relay-fleet.ts';
import type { PlacementMap } from './placement-map.ts';
import type { LocatedCaller, Placement } from './placement.ts';
import type { RelayReason, RelayRefusal } from './relay-decision.ts';
import { isAllowedRegion } from './residency.ts';

// The policy of the whole decision. Logs and metrics name the rung that placed the caller (`placedBy`, `placed_by`) and the rung that chose the
// region (`reason`). `GET /v1/region` returns the first.

/**
 * Chooses the home region: the first rung that names an enabled region decides, or `default` if no rung does. If the caller's token or a
 * residency rule forbids that region, home is the nearest allowed region, and the rung is `token` or `residency` (`residency.ts`).
 */
export const placementLadder: readonly (readonly [
  PlacementRung,
  (caller: LocatedCaller, map: PlacementMap) => string | undefined,
])[] = [
  ['prefix', ({ address }, map) => map.ofPrefix(address)],
  ['subdivision', ({ subdivision }, map) => map.ofSubdivision(subdivision)],
  ['country', ({ country }, map) => map.ofCountry(country)],
  ['continent', ({ continent }, map) => map.ofContinent(continent)],
  ['nearest', ({ location }, map) => map.nearestTo(location)],
];

/** Chooses the region that serves a call: the first rung that names a region or refuses the call decides. After the last rung comes `static`. */
const relayLadder: readonly (readonly [
  RelayReason,
  (question: RelayQuestion) => RegionView | RelayRefusal | undefined,
])[] = [
  ['required', required],
  ['overload', overload],
  ['spill', spill],
  ['preferred', preferred],
  ['home', home],
  ['outage', outage],
];

/** `required`: the required region at any load, unless the policy refuses calls to full regions. */
function required({ requireRegion, placement, regionFor, policy }: RelayQuestion) {
  if (requireRegion === undefined) return undefined;
  if (!isAllowedRegion(requireRegion, placement.allowed)) return refusals.forbidden;
  const region = regionFor(requireRegion);
  return region !== undefined && policy.overload === 'refuse' && isFull(region, policy) ? refusals.overloaded : region;
}

/** `overload`: every region that could take the call is full. The wanted region keeps the call, because its path is at least short. */
function overload({ wanted, targets, policy }: RelayQuestion) {
  const hasRoom = (region: RegionView) => !isFull(region, policy);
  if (wanted === undefined ? targets.length === 0 : hasRoom(wanted)) return undefined;
  if (targets.some(hasRoom)) return undefined;
  return policy.overload === 'refuse' ? refusals.overloaded : (wanted ?? leastLoaded(targets));
}

/** `spill`: the wanted region is busy, so a share of its calls goes to its targets. */
function spill({ wanted, targets, random }: RelayQuestion) {
  if (wanted === undefined || wanted.spills.length === 0) return undefined;
  const drawn = drawSpill(wanted.spills, random());
  return targets.find(({ region }) => region === drawn);
}

function preferred({ wanted, isPreferred }: RelayQuestion) {
  return isPreferred ? wanted : undefined;
}

function home({ wanted }: RelayQuestion) {
  return wanted;
}

/** `outage`: the wanted region has no node for the caller, so its calls go to targets that have room. */
function outage({ targets, policy, random }: RelayQuestion) {
  return targets.length === 0 ? undefined : drawForLostRegion(targets, policy.spillover, random());
}

/** `static`: the registry has no node for the caller. The same ladder decides among the policy's static nodes. */
function lastResort({ staticNodesQuestion }: RelayQuestion): ChosenRegion | undefined {
  const chosen = staticNodesQuestion === undefined ? undefined : climbLadder(staticNodesQuestion());
  return chosen === undefined || 'code' in chosen ? undefined : { ...chosen, reason: 'static' };
}

/** Returns the choice of the first rung that decides. */
export function climbLadder(question: RelayQuestion): ChosenRegion | RelayRefusal {
  const { requireRegion, wantedRegion, policy } = question;
  for (const [reason, rung] of relayLadder) {
    const step = rung(question);
    if (step === undefined) continue;
    if ('code' in step) return step;
    const isOverloaded = reason === 'overload' || (reason === 'required' && isFull(step, policy));
    return { region: step.region, reason, wantedRegion, isOverloaded };
  }
  return lastResort(question) ?? (requireRegion === undefined ? refusals.noRelay : refusals.unavailable);
}

/** The input of the ladder: a caller, its wishes, and the regions at one moment. */
export type RelayQuestion = {
  readonly placement: Placement;
  readonly requireRegion: string | undefined;
  /** The required region; otherwise the preferred region, if it has a node for the caller; otherwise the home region. */
  readonly wantedRegion: string;
  /** The preferred or home region, if it has a node for the caller. Also undefined when a region is required. */
  readonly wanted: RegionView | undefined;
  readonly isPreferred: boolean;
  /** Spillover targets of `wantedRegion` that have a node for the caller, in the policy's order; empty when a region is required. */
  readonly targets: readonly RegionView[];
  /** Returns a region if it is allowed and has a node for the caller. */
  readonly regionFor: (region: string) => RegionView | undefined;
  /** The same question for the policy's static nodes; undefined when the policy has none. */
  readonly staticNodesQuestion: (() => RelayQuestion) | undefined;
  readonly policy: Policy;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

/** The region that serves the call, and the reason. */
export type ChosenRegion = {
  readonly region: string;
  readonly reason: RelayReason;
  readonly wantedRegion: string;
  /** The region is full, and either it was required or every alternative is full too. */
  readonly isOverloaded: boolean;
};

export const refusals = {
  unknownRequired: { ok: false, code: 'unknown_region', field: 'requireRegion' },
  unknownPreferred: { ok: false, code: 'unknown_region', field: 'preferRegion' },
  forbidden: { ok: false, code: 'region_forbidden' },
  unavailable: { ok: false, code: 'region_unavailable' },
  overloaded: { ok: false, code: 'fleet_overloaded' },
  noRelay: { ok: false, code: 'no_relay_available' },
} as const satisfies Record<string, RelayRefusal>;

function isFull({ load }: RegionView, { spillover }: Policy): boolean {
  return load >= spillover.full;
}
