import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { IsTrustedProxy } from './trusted-proxies.ts';

/** At most this many hops are followed. Only an attack has more trusted hops. */
export const hopsMax = 32;

/** Splits the value of a forwarding header into hops. The last hop is the one that the remote host wrote. Hops that are not addresses stay in the list. */
export type ReadHops = (value: string) => readonly string[];

/** Reads `X-Forwarded-For`. */
export const listedHops: ReadHops = (value) => value.split(',');

/**
 * Returns the client address. This is the remote address, unless it is a trusted proxy. From a trusted proxy the search goes on to the address that it
 * forwards for, hop by hop from the right. It stops at the first hop that is not trusted, because that hop can write anything to its left. If more
 * than `hopsMax` hops are trusted, the client is the hop that the remote host wrote, because callers can write all others.
 *
 * @param remoteAddress the address at the other end of the connection
 * @param forwarded value of the forwarding header, with all field lines joined by commas
 * @returns IPv4 or IPv6 text, with IPv4-mapped and NAT64 addresses unwrapped; undefined if the remote host has disconnected
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwarded: string | undefined,
  isTrustedProxy: IsTrustedProxy,
  readHops: ReadHops = listedHops,
): string | undefined {
  const direct = normaliseAddress(remoteAddress ?? '');
  if (direct === undefined) return undefined;
  const isProxied = forwarded !== undefined && isTrustedProxy(direct);
  return unwrapNat64(isProxied ? lastUntrusted(direct, readHops(forwarded), isTrustedProxy) : direct);
}

function lastUntrusted(direct: string, hops: readonly string[], isTrustedProxy: IsTrustedProxy): string {
  let client = direct;
  let nearest = direct;
  for (let read = 0; read < hops.length && isTrustedProxy(client); read += 1) {
    if (read === hopsMax) return nearest;
    const hop = normaliseAddress(hops[hops.length - 1 - read] ?? '');
    if (hop === undefined) break;
    client = hop;
    if (read === 0) nearest = hop;
  }
  return client;
}

/** The prefix in which a NAT64 gateway shows IPv4 addresses to IPv6 hosts (RFC 6052 §2.1), as `normaliseAddress` writes it. */
const nat64Prefix = '64:ff9b::';

/**
 * Returns the IPv4 address behind a NAT64 gateway, or else the address itself. Call this only after all checks of trust: an IPv4 entry of
 * TRUSTED_PROXIES does not mean a gateway.
 */
function unwrapNat64(address: string): string {
  if (!address.startsWith(nat64Prefix)) return address;
  const ipv6 = ipaddr.IPv6.parse(address);
  return ipv6.range() === 'rfc6052' ? new ipaddr.IPv4(ipv6.toByteArray().slice(-4)).toString() : address;
}

/**
 * Returns the address alone, such as for `[2001:db8::1]:443`, `192.0.2.1:1234`, `::ffff:192.0.2.1` or `fe80::1%eth0`. Returns undefined if there is
 * no address.
 */
export function normaliseAddress(text: string): string | undefined {
  const written = text.trim();
  // Proxies and sockets usually write this form, which needs no parser.
  const mapped = written.startsWith('::ffff:') ? written.slice('::ffff:'.length) : written;
  if (isIPv4(mapped)) return mapped;
  const trimmed = written.replace(/^"(.*)"$/, '$1');
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  const withoutZone = bare.replace(/%.*$/, '');
  // This uses the check of Node. ipaddr.js also accepts octal numbers and IPv4 addresses with one, two or three parts, which no proxy writes.
  if (isIP(withoutZone) === 0) return undefined;
  return ipaddr.process(withoutZone).toString();
}

/** Truncates a normalised address for the log (IPv4 /24, IPv6 /48). The result identifies a network, but not a person. */
export function truncatedAddress(address: string): string {
  return isIPv4(address)
    ? `${address.slice(0, address.lastIndexOf('.'))}.0/24`
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/48`).toString()}/48`;
}
