import { isIP, isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether an address is a trusted proxy. The address must have the form that `normaliseAddress` returns. */
export type IsTrustedProxy = (address: string) => boolean;

/** At most this many hops are read. Only an attack has more hops. */
const hopsMax = 32;

/** Parses IP addresses and CIDR prefixes. Returns undefined if any of them is invalid. */
export function parseTrustedProxies(prefixes: readonly string[]): IsTrustedProxy | undefined {
  const ranges = prefixes.map(rangeFrom).filter((range) => range !== undefined);
  if (ranges.length < prefixes.length) return undefined;
  if (ranges.length === 0) return () => false;
  return cached((address) => {
    const parsed = ipaddr.parse(address);
    return ranges.some((range) => range[0].kind() === parsed.kind() && parsed.match(range));
  });
}

/** At most this many results are cached. A router has fewer proxies. */
const cachedPeersMax = 1_000;

/**
 * Caches the results, because most requests come from the same few proxies. Other peers may have any address, so the cache is cleared when it is
 * full.
 */
function cached(isTrusted: IsTrustedProxy): IsTrustedProxy {
  const known = new Map<string, boolean>();
  return (address) => {
    const before = known.get(address);
    if (before !== undefined) return before;
    if (known.size >= cachedPeersMax) known.clear();
    const found = isTrusted(address);
    known.set(address, found);
    return found;
  };
}

/** Accepts only unambiguous prefixes. ipaddr.js reads `10/8` and `010.0.0.0/8` as networks that the writer did not mean. */
function rangeFrom(prefix: string): ReturnType<typeof ipaddr.parseCIDR> | undefined {
  const [address = '', bits = isIPv6(address) ? '128' : '32', ...rest] = prefix.split('/');
  if (rest.length > 0 || isIP(address) === 0 || !ipaddr.isValidCIDR(`${address}/${bits}`)) return undefined;
  const range = ipaddr.parseCIDR(`${address}/${bits}`);
  // If the router trusted every peer, callers could choose their address.
  if (range[1] === 0) return undefined;
  // The comparison uses unwrapped addresses, so an IPv4-mapped prefix would never match.
  return range[0] instanceof ipaddr.IPv6 && range[0].isIPv4MappedAddress() ? undefined : range;
}

/**
 * Returns the client address. This is the peer, unless the peer is a trusted proxy. From a trusted proxy the search goes on to the address that it
 * forwards for, hop by hop from the right. It stops at the first hop that is not trusted, because that hop can write anything to its left.
 *
 * @param peer remote address of the connection
 * @param forwardedFor `X-Forwarded-For`, with all field lines joined by commas
 * @returns IPv4 or IPv6 text, with IPv4-mapped addresses unwrapped; undefined if the peer has disconnected
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  isTrustedProxy: IsTrustedProxy,
): string | undefined {
  let client = normaliseAddress(peer ?? '');
  if (forwardedFor === undefined) return client;
  const hops = forwardedFor.split(',').slice(-hopsMax);
  while (client !== undefined && hops.length > 0 && isTrustedProxy(client)) {
    const forwarded = normaliseAddress(hops.pop() ?? '');
    if (forwarded === undefined) break;
    client = forwarded;
  }
  return client;
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
