import ipaddr from 'ipaddr.js';

export type ParsedAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** The kinds of addresses at which no caller finds a node (RFC 6890), with the word for the message. Private addresses are not among them. */
const unreachableKinds: ReadonlyMap<string, string> = new Map([
  ['loopback', 'a loopback address'],
  ['linkLocal', 'a link-local address'],
  ['multicast', 'a multicast address'],
  ['unspecified', 'an unspecified address'],
  ['broadcast', 'a broadcast address'],
]);

/** Lower ports belong to other services (RFC 6335 section 6). */
export const nodePortMin = 1024;
const webPorts: ReadonlySet<number> = new Set([80, 443]);

/** Whether a TURN server may have this port: at least 1024, or 80 or 443, which pass firewalls. */
export function isNodePort(port: number): boolean {
  return port >= nodePortMin || webPorts.has(port);
}

/**
 * Returns the kind of an address at which no caller finds a node, as words for a message; undefined if callers may find one there. Packets for an
 * IPv6 address may go to the IPv4 address inside it. Then that one is judged too.
 *
 * @param text a valid IPv4 or IPv6 address
 * @param isExempt whether an address of such a kind is permitted all the same. It gets the address, or the IPv4 address inside it.
 */
export function unreachableKind(text: string, isExempt: (address: ParsedAddress) => boolean): string | undefined {
  const parsed = ipaddr.parse(text);
  if (isExempt(parsed)) return undefined;
  const address = [parsed, embeddedIpv4(parsed)].find(
    (candidate) => candidate !== undefined && unreachableKinds.has(candidate.range()) && !isExempt(candidate),
  );
  return address === undefined ? undefined : unreachableKinds.get(address.range());
}

/** The ranges of IPv6 that contain an IPv4 address, and the first of its four bytes. */
const embeddingRanges: ReadonlyMap<string, number> = new Map([
  // RFC 4291 section 2.5.5.2, RFC 7915, RFC 6052 and RFC 3056.
  ['ipv4Mapped', 12],
  ['rfc6145', 12],
  ['rfc6052', 12],
  ['6to4', 2],
]);

/** Returns the IPv4 address to which packets for this IPv6 address go. */
function embeddedIpv4(address: ParsedAddress): ipaddr.IPv4 | undefined {
  const start = embeddingRanges.get(address.range());
  return start === undefined ? undefined : new ipaddr.IPv4(address.toByteArray().slice(start, start + 4));
}
