import { isIP, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether an address is a trusted proxy. The address must have the form that `normaliseAddress` returns. */
export type IsTrustedProxy = (address: string) => boolean;

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
 * Caches the results, because most requests come from the same few proxies. Other hosts may have any address, so the cache is cleared when it is
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
  // If the router trusted every host, callers could choose their address.
  if (range[1] === 0) return undefined;
  // The comparison uses unwrapped addresses, so an IPv4-mapped prefix would never match.
  return range[0] instanceof ipaddr.IPv6 && range[0].isIPv4MappedAddress() ? undefined : range;
}
