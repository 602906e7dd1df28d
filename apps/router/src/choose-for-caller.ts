import type { GeoLocator } from '@turn-router/geo';
import type { Placement, RelayDecision, RelayWishes } from '@turn-router/selection';
import type { CallerScope } from './auth/caller.ts';
import { problemFromRefusal } from './problem-from-refusal.ts';
import type { Routing } from './routing.ts';

/** Where a caller belongs, and the relays that it gets. */
export type ChosenRelays = {
  readonly placement: Placement;
  readonly decision: Extract<RelayDecision, { ok: true }>;
};

/**
 * Locates, places and chooses for a caller, and counts the relays as given out.
 *
 * @throws ProblemError when there is none
 */
export type ChooseForCaller = (
  address: string | undefined,
  scope: Pick<CallerScope, 'regions'>,
  wishes: RelayWishes,
) => ChosenRelays;

export function createChooser(geo: GeoLocator, routing: Routing): ChooseForCaller {
  return (address, scope, wishes) => {
    const placement = placeAddress(address, scope, geo, routing);
    const decision = routing.chooseRelays(placement, wishes);
    if (!decision.ok) throw problemFromRefusal(decision, routing.policy());
    routing.countIssued(decision.nodes);
    return { placement, decision };
  };
}

/** Where a caller with this address belongs; one without an address, or whom the data does not know, is placed by the default. */
export function placeAddress(
  address: string | undefined,
  { regions }: Pick<CallerScope, 'regions'>,
  geo: GeoLocator,
  { placeCaller }: Pick<Routing, 'placeCaller'>,
): Placement {
  return placeCaller(address === undefined ? { regions } : { address, regions, ...geo.locate(address) });
}
