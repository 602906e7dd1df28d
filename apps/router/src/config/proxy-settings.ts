import type { FieldFault } from '@turn-router/contract/http';
import type { Settings } from '@turn-router/settings';
import { z } from 'zod';
import { canCarryAddress } from '../callers/client-address-header.ts';
import { parseTrustedProxies } from '../callers/trusted-proxies.ts';
import { listOf } from './list-of.ts';

/** Settings of the proxies in front of the public listener. */
export const proxySettings = {
  TRUSTED_PROXIES: {
    meaning:
      'Proxies from which the router believes CLIENT_ADDRESS_HEADER, comma-separated. If callers come through any other proxy, the router takes the address of the proxy as their address',
    expected:
      'IP addresses and CIDR prefixes. "true" and /0 are refused, because callers could then choose their address',
    schema: z
      .string()
      .transform(listOf)
      .refine((prefixes) => parseTrustedProxies(prefixes) !== undefined),
  },
  CLIENT_ADDRESS_HEADER: {
    meaning:
      'The only header that the router believes from TRUSTED_PROXIES. x-forwarded-for and forwarded (RFC 7239) list hops. Any other header, such as cf-connecting-ip or x-real-ip, has one address, and the proxy must overwrite it in every request',
    expected: 'the name of a header that carries an address, such as x-forwarded-for, forwarded or cf-connecting-ip',
    schema: z
      .string()
      .transform((name) => name.trim().toLowerCase())
      .refine(canCarryAddress),
    default: 'x-forwarded-for',
  },
} as const satisfies Settings;

/**
 * Finds contradictions between these settings.
 *
 * @param given names of all settings that are set, valid or not
 */
export function findProxyFaults(given: ReadonlySet<string>): FieldFault[] {
  if (!given.has('CLIENT_ADDRESS_HEADER') || given.has('TRUSTED_PROXIES')) return [];
  const detail = 'Needs TRUSTED_PROXIES: the router believes this header from trusted proxies only';
  return [{ field: 'CLIENT_ADDRESS_HEADER', detail }];
}
