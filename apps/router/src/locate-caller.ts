import type { GeoLocator } from '@turn-router/geo';
import type { Caller } from '@turn-router/selection';

/** What is known of where a caller is; nothing of who has no address, little of one that the data does not know. */
export function locateCaller(address: string | undefined, geo: GeoLocator): Caller {
  return address === undefined ? {} : { address, ...geo.locate(address) };
}
