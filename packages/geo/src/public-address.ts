import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

export type IpFamily = 'ipv4' | 'ipv6';

/** An address of the public internet in plain form. */
export type PublicAddress = { readonly family: IpFamily; readonly text: string };

/**
 * Parses an address from a socket or a header.
 *
 * @returns undefined if the text is not one address, or if the address has no location: private, shared, link-local, loopback,
 *   documentation, multicast, translation and tunnel ranges (IANA special-purpose registries, RFC 6890)
 */
export function parsePublicAddress(address: string): PublicAddress | undefined {
  if (isPlainlyPublic(address)) return { family: 'ipv4', text: address };
  // Check the format first, because ipaddr.js throws for every invalid address, which is slow.
  if (!address.includes(':')) {
    return ipaddr.IPv4.isValidFourPartDecimal(address) ? publicIpv4(ipaddr.IPv4.parse(address)) : undefined;
  }
  if (!ipaddr.IPv6.isValid(address)) return undefined;
  const ipv6 = ipaddr.IPv6.parse(address);
  if (ipv6.isIPv4MappedAddress()) return publicIpv4(ipv6.toIPv4Address());
  if (ipv6.range() !== 'unicast') return undefined;
  return { family: 'ipv6', text: ipv6.parts.map((part) => part.toString(16)).join(':') };
}

/** First octets of the IPv4 ranges below multicast that are not all public (IANA special-purpose registry). */
const specialFirstOctets = new Set([0, 10, 100, 127, 169, 172, 192, 198, 203]);
/** First octet of multicast and reserved addresses. */
const multicastFirstOctet = 224;

/** A fast path for nearly all callers: the first octet suffices, without a parser. */
function isPlainlyPublic(address: string): boolean {
  if (!isIPv4(address)) return false;
  const first = Number.parseInt(address, 10);
  return first < multicastFirstOctet && !specialFirstOctets.has(first);
}

function publicIpv4(ipv4: ipaddr.IPv4): PublicAddress | undefined {
  return ipv4.range() === 'unicast' ? { family: 'ipv4', text: ipv4.toString() } : undefined;
}
