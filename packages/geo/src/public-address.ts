import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

export type IpFamily = 'ipv4' | 'ipv6';

/** An address of the public internet, in plain form. */
export type PublicAddress = { readonly family: IpFamily; readonly text: string };

/**
 * Reads an address as it comes from a socket or a header.
 *
 * @returns undefined for anything else than one address, and for addresses that are nowhere: private, shared, link-local,
 *   loopback, documentation, multicast, translation and tunnel ranges (IANA special-purpose registries, RFC 6890)
 */
export function parsePublicAddress(address: string): PublicAddress | undefined {
  if (isPlainlyPublic(address)) return { family: 'ipv4', text: address };
  // Asked first, because ipaddr.js finds out what an address is not by throwing, which is slow.
  if (!address.includes(':')) {
    return ipaddr.IPv4.isValidFourPartDecimal(address) ? publicIpv4(ipaddr.IPv4.parse(address)) : undefined;
  }
  if (!ipaddr.IPv6.isValid(address)) return undefined;
  const ipv6 = ipaddr.IPv6.parse(address);
  if (ipv6.isIPv4MappedAddress()) return publicIpv4(ipv6.toIPv4Address());
  if (ipv6.range() !== 'unicast') return undefined;
  return { family: 'ipv6', text: ipv6.parts.map((part) => part.toString(16)).join(':') };
}

/** First numbers of the IPv4 ranges that are not of the public internet (IANA special-purpose registry), but for groups: 224 and above. */
const specialFirstNumbers = new Set([0, 10, 100, 127, 169, 172, 192, 198, 203]);
const firstOfGroups = 224;

/** Nearly all callers: no parser is needed where the first number tells. */
function isPlainlyPublic(address: string): boolean {
  if (!isIPv4(address)) return false;
  const first = Number.parseInt(address, 10);
  return first < firstOfGroups && !specialFirstNumbers.has(first);
}

function publicIpv4(ipv4: ipaddr.IPv4): PublicAddress | undefined {
  return ipv4.range() === 'unicast' ? { family: 'ipv4', text: ipv4.toString() } : undefined;
}
