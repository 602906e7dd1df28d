import type { GeoLocator } from '@turn-router/geo';
import type { Caller } from '@turn-router/selection';
import type { CallerScope } from './auth/caller.ts';

/** What is known of where a caller is, and may be relayed; nothing of who has no address, little of one that the data does not know. */
export function locateCaller(
  address: string | undefined,
  { regions }: Pick<CallerScope, 'regions'>,
  geo: GeoLocator,
): Caller {
  return address === undefined ? { regions } : { address, regions, ...geo.locate(address) };
}
