import { isIP, isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Says whether an address, in the form that `normaliseAddress` gives, is a trusted proxy. */
export type IsTrustedProxy = (address: string) => boolean;

/** Proxies in a row that are looked at; more can only be an attempt to keep us busy. */
const hopsMax = 32;

/** Reads IP addresses and CIDR prefixes; undefined when one of them is neither. */
export function parseTrustedProxies(prefixes: readonly string[]): IsTrustedProxy | undefined {
  const ranges = prefixes.map(rangeFrom).filter((range) => range !== undefined);
  if (ranges.length < prefixes.length) return undefined;
  if (ranges.length === 0) return () => false;
  return remembering((address) => {
    const parsed = ipaddr.parse(address);
    return ranges.some((range) => range[0].kind() === parsed.kind() && parsed.match(range));
  });
}

/** Peers that have been looked at: more than a router has proxies. */
const knownPeersMax = 1_000;

/** The same few proxies ask again and again. Strangers may come from anywhere: what is known is forgotten before it takes up memory. */
function remembering(isTrusted: IsTrustedProxy): IsTrustedProxy {
  const known = new Map<string, boolean>();
  return (address) => {
    const before = known.get(address);
    if (before !== undefined) return before;
    if (known.size >= knownPeersMax) known.clear();
    const found = isTrusted(address);
    known.set(address, found);
    return found;
  };
}

/** Only what reads in one way: `10/8` and `010.0.0.0/8` would be other networks to ipaddr.js than to people. */
function rangeFrom(prefix: string): ReturnType<typeof ipaddr.parseCIDR> | undefined {
  const [address = '', bits = isIPv6(address) ? '128' : '32', ...rest] = prefix.split('/');
  if (rest.length > 0 || isIP(address) === 0 || !ipaddr.isValidCIDR(`${address}/${bits}`)) return undefined;
  const range = ipaddr.parseCIDR(`${address}/${bits}`);
  // To trust everybody is to let callers choose their address.
  if (range[1] === 0) return undefined;
  // Callers' addresses are unwrapped before they are compared, so that an IPv4-mapped prefix would never match.
  return range[0] instanceof ipaddr.IPv6 && range[0].isIPv4MappedAddress() ? undefined : range;
}

/**
 * Who is asking: the peer itself, or, as long as the hop is a trusted proxy, whoever that proxy says it speaks for. Hops are walked from
 * the right, since everything left of the first stranger was written by strangers.
 *
 * @param peer address of the connection
 * @param forwardedFor `X-Forwarded-For`, all of its lines joined by commas
 * @returns IPv4 or IPv6 text, IPv4-mapped addresses unwrapped; undefined when the peer has gone
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
    const said = normaliseAddress(hops.pop() ?? '');
    if (said === undefined) break;
    client = said;
  }
  return client;
}

/** `[2001:db8::1]:443`, `192.0.2.1:1234`, `::ffff:192.0.2.1`, `fe80::1%eth0` → the address alone; undefined when there is none. */
export function normaliseAddress(text: string): string | undefined {
  const written = text.trim();
  // As most proxies and sockets say it: no parser is needed.
  const mapped = written.startsWith('::ffff:') ? written.slice('::ffff:'.length) : written;
  if (isIPv4(mapped)) return mapped;
  const trimmed = written.replace(/^"(.*)"$/, '$1');
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  const withoutZone = bare.replace(/%.*$/, '');
  // Node's check, since ipaddr.js also reads 1-, 2- and 3-part IPv4 addresses and octal, which no proxy writes.
  if (isIP(withoutZone) === 0) return undefined;
  return ipaddr.process(withoutZone).toString();
}

/** A normalised address for the log: enough to find a network, not a person (IPv4 /24, IPv6 /48). */
export function truncatedAddress(address: string): string {
  return isIPv4(address)
    ? `${address.slice(0, address.lastIndexOf('.'))}.0/24`
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/48`).toString()}/48`;
}
