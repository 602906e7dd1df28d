import type { GeoLocator } from '@turn-router/geo';
import type { Placement, RelayWishes } from '@turn-router/selection';
import type { CallerScope } from './auth/caller.ts';
import { locateCaller } from './locate-caller.ts';
import { problemFromRefusal } from './problem-from-refusal.ts';
import type { RoutedDecision, Routing } from './routing.ts';

/** Where a caller belongs, and the relays that it gets. */
export type ChosenRelays = {
  readonly placement: Placement;
  readonly decision: Extract<RoutedDecision, { ok: true }>;
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
    const caller = locateCaller(address, scope, geo);
    const placement = routing.placeCaller(caller);
    const decision = routing.chooseRelays(
      { homeRegion: placement.movedFrom ?? placement.region, country: caller.country, regions: caller.regions },
      wishes,
    );
    if (!decision.ok) throw problemFromRefusal(decision, routing.policy());
    routing.countIssued(decision.nodes);
    return { placement, decision };
  };
}
