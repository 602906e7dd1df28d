import type { Place } from './place.ts';

/** Locates addresses. */
export interface GeoLocator {
  /**
   * Looks up one address in memory. Never waits and never throws.
   *
   * @param address IPv4, IPv6 (a zone id is ignored) or IPv4-mapped IPv6, without port or brackets.
   * @returns undefined if the address is unknown, not public, or invalid.
   */
  readonly locate: (address: string) => Place | undefined;
}
