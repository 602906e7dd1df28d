import type { PlacementRung } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import { drawForLost, drawSpill, leastLoaded } from './draw-region.ts';
import type { RegionView } from './relay-fleet.ts';
import type { PlacementMap } from './placement-map.ts';
import type { LocatedCaller, Placement } from './placement.ts';
import type { RelayReason, RelayRefusal } from './relay-decision.ts';
import { isAllowedRegion } from './residency.ts';

// The policy of the whole decision. Log and metrics name the rung that placed the caller (`placedBy`, `placed_by`) and the one that chose the
// region (`reason`); `GET /v1/region` answers with the first.

/**
 * Where a caller belongs: the first rung that names a region in use decides, `default` when none does. A caller whose token or residency
 * rules forbid that region is at home in the nearest one that they allow; then the rung is `token` or `residency` (`residency.ts`).
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

/** Which region's nodes a call gets: the first rung that names a region, or refuses the call, decides. Behind the last one is `static`. */
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

/** The required region, whatever its load, unless the policy refuses calls to full regions. */
function required({ requireRegion, placement, regionFor, policy }: RelayQuestion) {
  if (requireRegion === undefined) return undefined;
  if (!isAllowedRegion(requireRegion, placement.allowed)) return refusals.forbidden;
  const region = regionFor(requireRegion);
  return region !== undefined && policy.overload === 'refuse' && isFull(region, policy) ? refusals.overloaded : region;
}

/** Every region that could take the call is full. They do not send calls to each other: at home the path is at least short. */
function overload({ wanted, targets, policy }: RelayQuestion) {
  const hasRoom = (region: RegionView) => !isFull(region, policy);
  if (wanted === undefined ? targets.length === 0 : hasRoom(wanted)) return undefined;
  if (targets.some(hasRoom)) return undefined;
  return policy.overload === 'refuse' ? refusals.overloaded : (wanted ?? leastLoaded(targets));
}

/** The wanted region is warm: a share of its calls goes to its targets. */
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

/** The wanted region has no node for the caller: its calls go to its targets, as far as these have room. */
function outage({ targets, policy, random }: RelayQuestion) {
  return targets.length === 0 ? undefined : drawForLost(targets, policy.spillover, random());
}

/** `static`: the registry has no node for the caller. The same ladder is climbed over the nodes that the policy names itself. */
function lastResort({ overStaticNodes }: RelayQuestion): Landing | undefined {
  const landing = overStaticNodes === undefined ? undefined : climb(overStaticNodes());
  return landing === undefined || 'code' in landing ? undefined : { ...landing, reason: 'static' };
}

/** Climbs the ladder. */
export function climb(question: RelayQuestion): Landing | RelayRefusal {
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

/** A caller with its wishes before the regions of one moment. */
export type RelayQuestion = {
  readonly placement: Placement;
  readonly requireRegion: string | undefined;
  /** The required region; else the preferred one, if it has a node for the caller; else the caller's home. */
  readonly wantedRegion: string;
  /** The preferred or home region if it has a node for the caller. Undefined when a region is required, too. */
  readonly wanted: RegionView | undefined;
  readonly isPreferred: boolean;
  /** Spillover targets of `wantedRegion` that have a node for the caller, in the policy's order; none when a region is required. */
  readonly targets: readonly RegionView[];
  /** A region if the caller may use it and it has a node for the caller. */
  readonly regionFor: (region: string) => RegionView | undefined;
  /** The same question over the nodes that the policy names; undefined when it names none. */
  readonly overStaticNodes: (() => RelayQuestion) | undefined;
  readonly policy: Policy;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

/** The region that serves the call, and why. */
export type Landing = {
  readonly region: string;
  readonly reason: RelayReason;
  readonly wantedRegion: string;
  /** The region is full, and was required or has no better alternative. */
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
