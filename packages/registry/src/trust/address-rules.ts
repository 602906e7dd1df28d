import type { NodeReport } from '@turn-router/contract/registry';
import ipaddr from 'ipaddr.js';

/** What a record may name for callers to connect to. */
export type AddressRules = {
  /** Prefixes in CIDR notation whose addresses are permitted, whatever kind they are. */
  readonly allowAddresses: readonly string[];
  /** Ports below 1024 that are permitted, as well as 80 and 443. */
  readonly allowPorts: readonly number[];
};

export type AddressFault = { readonly reason: 'bad_address' | 'bad_port'; readonly detail: string };

/** The kinds of addresses at which no caller finds a node, with the word for the message. Private addresses are not among them. */
const refusedKinds: ReadonlyMap<string, string> = new Map([
  ['loopback', 'a loopback address'],
  ['linkLocal', 'a link-local address'],
  ['multicast', 'a multicast address'],
  ['unspecified', 'an unspecified address'],
  ['broadcast', 'a broadcast address'],
]);

/** Lower ports belong to other services (RFC 6335 section 6). */
const firstFreePort = 1024;
const webPorts: ReadonlySet<number> = new Set([80, 443]);

/**
 * Returns the reason why callers must not get the addresses and ports of this record; undefined if they may.
 *
 * @param isLoopbackAllowed whether loopback addresses are permitted, as they are if the registry itself is on loopback
 */
export function findAddressFault(
  report: NodeReport,
  rules: AddressRules,
  isLoopbackAllowed: boolean,
): AddressFault | undefined {
  for (const field of ['public_ip', 'public_ipv6'] as const) {
    const address = report[field];
    const kind = address === undefined ? undefined : refusedKind(address, rules, isLoopbackAllowed);
    if (kind === undefined) continue;
    const detail = `${field}: Unusable address: expected an address that callers can reach, got ${kind} (permit it with nodes.allowAddresses of the policy)`;
    return { reason: 'bad_address', detail };
  }
  for (const field of ['port', 'tls_port'] as const) {
    const port = report[field];
    if (port === undefined || port >= firstFreePort || webPorts.has(port) || rules.allowPorts.includes(port)) continue;
    const detail = `${field}: Reserved port: expected 80, 443 or at least ${firstFreePort}, got ${port} (permit it with nodes.allowPorts of the policy)`;
    return { reason: 'bad_port', detail };
  }
  return undefined;
}

function refusedKind(text: string, rules: AddressRules, isLoopbackAllowed: boolean): string | undefined {
  const parsed = ipaddr.parse(text);
  for (const address of [parsed, embeddedIpv4(parsed)]) {
    if (address === undefined) continue;
    const range = address.range();
    if (range === 'loopback' && isLoopbackAllowed) continue;
    const kind = refusedKinds.get(range);
    if (kind !== undefined && !isAllowed(address, rules) && !isAllowed(parsed, rules)) return kind;
  }
  return undefined;
}

function isAllowed(address: ipaddr.IPv4 | ipaddr.IPv6, { allowAddresses }: AddressRules): boolean {
  return allowAddresses.some((prefix) => {
    const [network, bits] = ipaddr.parseCIDR(prefix);
    return network.kind() === address.kind() && address.match(network, bits);
  });
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
function embeddedIpv4(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const start = embeddingRanges.get(address.range());
  return start === undefined ? undefined : new ipaddr.IPv4(address.toByteArray().slice(start, start + 4));
}
