import { isIP, isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether an address, as `normaliseAddress` returns it, is a trusted proxy. */
export type IsTrustedProxy = (address: string) => boolean;

/** At most this many hops are read. More can only be an attack. */
const hopsMax = 32;

/** Parses IP addresses and CIDR prefixes; undefined if any is invalid. */
export function parseTrustedProxies(prefixes: readonly string[]): IsTrustedProxy | undefined {
  const ranges = prefixes.map(rangeFrom).filter((range) => range !== undefined);
  if (ranges.length < prefixes.length) return undefined;
  if (ranges.length === 0) return () => false;
  return cached((address) => {
    const parsed = ipaddr.parse(address);
    return ranges.some((range) => range[0].kind() === parsed.kind() && parsed.match(range));
  });
}

/** At most this many verdicts are cached: more than a router has proxies. */
const cachedPeersMax = 1_000;

/** Caches verdicts, because requests come from the same few proxies. Other peers may have any address, so the cache is cleared when it is full. */
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

/** Accepts only unambiguous prefixes: ipaddr.js reads `10/8` and `010.0.0.0/8` as networks that people do not mean. */
function rangeFrom(prefix: string): ReturnType<typeof ipaddr.parseCIDR> | undefined {
  const [address = '', bits = isIPv6(address) ? '128' : '32', ...rest] = prefix.split('/');
  if (rest.length > 0 || isIP(address) === 0 || !ipaddr.isValidCIDR(`${address}/${bits}`)) return undefined;
  const range = ipaddr.parseCIDR(`${address}/${bits}`);
  // Trusting every peer would let callers choose their address.
  if (range[1] === 0) return undefined;
  // Callers' addresses are unwrapped before the comparison, so an IPv4-mapped prefix would never match.
  return range[0] instanceof ipaddr.IPv6 && range[0].isIPv4MappedAddress() ? undefined : range;
}

/**
 * Returns the client address: the peer, or, as long as the hop is a trusted proxy, the address that this proxy forwards for. Hops are read from
 * the right, because an untrusted hop can write anything to its left.
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

/** `[2001:db8::1]:443`, `192.0.2.1:1234`, `::ffff:192.0.2.1`, `fe80::1%eth0` → the address alone; undefined if there is none. */
export function normaliseAddress(text: string): string | undefined {
  const written = text.trim();
  // The usual form of proxies and sockets, which needs no parser.
  const mapped = written.startsWith('::ffff:') ? written.slice('::ffff:'.length) : written;
  if (isIPv4(mapped)) return mapped;
  const trimmed = written.replace(/^"(.*)"$/, '$1');
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  const withoutZone = bare.replace(/%.*$/, '');
  // Node's check, since ipaddr.js also reads 1-, 2- and 3-part IPv4 addresses and octal, which no proxy writes.
  if (isIP(withoutZone) === 0) return undefined;
  return ipaddr.process(withoutZone).toString();
}

/** Truncates a normalised address for the log (IPv4 /24, IPv6 /48): enough to identify a network, but not a person. */
export function truncatedAddress(address: string): string {
  return isIPv4(address)
    ? `${address.slice(0, address.lastIndexOf('.'))}.0/24`
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/48`).toString()}/48`;
}
