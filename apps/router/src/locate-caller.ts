import type { GeoLocator } from '@turn-router/geo';
import type { Placement, RegionLadder } from '@turn-router/selection';

/** Where a caller belongs. Who has no address, or one that the data does not know, is placed by what is left: the default region. */
export function locateCaller(address: string | undefined, geo: GeoLocator, placeCaller: RegionLadder): Placement {
  return placeCaller(address === undefined ? {} : { address, ...geo.locate(address) });
}
