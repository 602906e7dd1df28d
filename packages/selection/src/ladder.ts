import type { PlacementRung } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import { drawForLostRegion, drawSpill, leastLoaded } from './draw-region.ts';
import type { RegionView } from './relay-fleet.ts';
import type { PlacementMap } from './placement-map.ts';
import type { LocatedCaller, Placement } from './placement.ts';
import type { RelayReason, RelayRefusal } from './relay-decision.ts';
import { isAllowedRegion } from './residency.ts';

// The rules of the whole decision. A ladder is an ordered list of rules. Each rule is a rung. Logs and metrics contain the rung that placed the
// caller (`placedBy`, `placed_by`) and the rung that chose the region (`reason`). `GET /v1/region` returns the rung that placed the caller.

/**
 * Chooses the natural region. The first rung that returns an enabled region decides. If no rung does, the policy's default region is used, and
 * the rung is `default`. If the caller's token or a residency rule forbids that region, the home region is the nearest allowed region, and the
 * rung is `token` or `residency` (`residency.ts`).
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

/** Chooses the region that serves a call. The first rung that returns a region or refuses the call decides. If no rung decides, `static` is tried. */
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

/** `required`: uses the required region at any load. Exception: the region is full, and the policy refuses calls to full regions. */
function required({ requireRegion, placement, regionFor, policy }: RelayQuestion) {
  if (requireRegion === undefined) return undefined;
  if (!isAllowedRegion(requireRegion, placement.allowed)) return refusals.forbidden;
  const region = regionFor(requireRegion);
  return region !== undefined && policy.overload === 'refuse' && isFull(region, policy) ? refusals.overloaded : region;
}

/**
 * `overload`: every region that could take the call is full. Then the call stays in the wanted region, because the path to it is short. Without
 * nodes there, the least loaded target gets it. A policy may refuse it instead.
 */
function overload({ wanted, targets, policy }: RelayQuestion) {
  const hasRoom = (region: RegionView) => !isFull(region, policy);
  if (wanted === undefined ? targets.length === 0 : hasRoom(wanted)) return undefined;
  if (targets.some(hasRoom)) return undefined;
  return policy.overload === 'refuse' ? refusals.overloaded : (wanted ?? leastLoaded(targets));
}

/** `spill`: the wanted region is busy, so a part of its calls goes to its targets. */
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

/** `outage`: the wanted region has no node for the caller, so the call goes to a target with free capacity. */
function outage({ targets, policy, random }: RelayQuestion) {
  return targets.length === 0 ? undefined : drawForLostRegion(targets, policy.spillover, random());
}

/** `static`: the registry has no node for the caller. The same ladder decides among the policy's static nodes. */
function staticNodes({ staticNodesQuestion }: RelayQuestion): ChosenRegion | undefined {
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
  return staticNodes(question) ?? (requireRegion === undefined ? refusals.noRelay : refusals.unavailable);
}

/** The input of the ladder: a caller, its wishes, and the regions at one moment. */
export type RelayQuestion = {
  readonly placement: Placement;
  readonly requireRegion: string | undefined;
  /** The required region. If no region is required: the preferred region if it has a node for the caller, otherwise the home region. */
  readonly wantedRegion: string;
  /** The preferred or home region, if it has a node for the caller. Always undefined if a region is required. */
  readonly wanted: RegionView | undefined;
  readonly isPreferred: boolean;
  /** Spillover targets of `wantedRegion` that have a node for the caller, in the policy's order. Empty if a region is required. */
  readonly targets: readonly RegionView[];
  /** Returns a region if it is allowed and has a node for the caller. */
  readonly regionFor: (region: string) => RegionView | undefined;
  /** The same input for the policy's static nodes. Undefined if the policy has no static nodes. */
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
  /** The region is full. Either the caller required this region, or every alternative is full too. */
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
