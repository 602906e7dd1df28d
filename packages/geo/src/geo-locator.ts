import type { Place } from './place.ts';

/** Tells where an address is. */
export interface GeoLocator {
  /**
   * Looks up one address in memory; never waits, never throws.
   *
   * @param address IPv4, IPv6 (a zone id is ignored) or IPv4-mapped IPv6, without port or brackets.
   * @returns undefined when the address is unknown, not public, or not an address.
   */
  readonly locate: (address: string) => Place | undefined;
}
