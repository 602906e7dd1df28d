import type { Policy } from '@turn-router/contract/policy';
import { placementLadder } from './ladder.ts';
import { createPlacementMap } from './placement-map.ts';
import type { LocatedCaller, Placement } from './placement.ts';
import { placementOf } from './residency.ts';

/** Finds a caller's home region and allowed regions. */
export type PlaceCaller = (caller: LocatedCaller) => Placement;

/** Creates a function that places callers by this policy. */
export function createPlacer(policy: Policy): PlaceCaller {
  const map = createPlacementMap(policy);
  return (caller) => {
    const { country, regions } = caller;
    for (const [rung, regionFor] of placementLadder) {
      const region = regionFor(caller, map);
      if (region !== undefined && map.isInUse(region)) {
        return placementOf({ homeRegion: region, country, regions }, rung, policy);
      }
    }
    return placementOf({ homeRegion: policy.defaultRegion, country, regions }, 'default', policy);
  };
}
