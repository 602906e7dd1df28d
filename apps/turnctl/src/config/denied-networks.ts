import { BlockList, isIPv6 } from 'node:net';

export type Network = { readonly address: string; readonly prefix: number; readonly what: string };

/** The network of IPv4-mapped IPv6 addresses, a /96. */
export const mappedNetwork = '::ffff:0:0';

/**
 * The networks that callers must not reach through a relay: everything outside the public internet (IANA's special-purpose registries,
 * RFC 6890), and the IPv6 networks that contain IPv4 addresses.
 */
export const deniedNetworks: readonly Network[] = [
  { address: '0.0.0.0', prefix: 8, what: 'this host' },
  { address: '10.0.0.0', prefix: 8, what: 'private' },
  { address: '100.64.0.0', prefix: 10, what: 'carrier-grade NAT' },
  { address: '127.0.0.0', prefix: 8, what: 'loopback' },
  { address: '169.254.0.0', prefix: 16, what: 'link-local, includes cloud metadata services' },
  { address: '172.16.0.0', prefix: 12, what: 'private' },
  { address: '192.0.0.0', prefix: 24, what: 'protocol assignments' },
  { address: '192.168.0.0', prefix: 16, what: 'private' },
  { address: '198.18.0.0', prefix: 15, what: 'benchmarks' },
  { address: '224.0.0.0', prefix: 4, what: 'multicast' },
  { address: '240.0.0.0', prefix: 4, what: 'reserved, broadcast' },
  { address: '::1', prefix: 128, what: 'loopback' },
  { address: mappedNetwork, prefix: 96, what: 'IPv4-mapped' },
  { address: '64:ff9b::', prefix: 96, what: 'NAT64' },
  { address: '64:ff9b:1::', prefix: 48, what: 'local NAT64' },
  { address: '100::', prefix: 64, what: 'discard' },
  { address: '2001::', prefix: 32, what: 'Teredo' },
  { address: '2002::', prefix: 16, what: '6to4' },
  { address: 'fc00::', prefix: 7, what: 'unique local' },
  { address: 'fe80::', prefix: 10, what: 'link-local' },
  { address: 'fec0::', prefix: 10, what: 'site-local' },
  { address: 'ff00::', prefix: 8, what: 'multicast' },
];

// BlockList treats every IPv4 address as a member of the IPv4-mapped network, so this list leaves that network out.
const denied = listOf(({ address }) => address !== mappedNetwork);
const loopback = listOf(({ what }) => what === 'loopback');
const localScopes = listOf(({ what }) => /^(link|site)-local|^unique local/.test(what));

/** Whether a relay address is in a denied network, but must be allowed for calls between two callers of one server. False for loopback. */
export function isDeniedButUsable(address: string): boolean {
  return denied.check(address, familyOf(address)) && !loopback.check(address, familyOf(address));
}

/** Whether an address is link-local, site-local or unique local (RFC 4007, RFC 3927). */
export function isOfLocalScope(address: string): boolean {
  return localScopes.check(address, familyOf(address));
}

function listOf(isMember: (network: Network) => boolean): BlockList {
  const list = new BlockList();
  for (const { address, prefix } of deniedNetworks.filter(isMember)) list.addSubnet(address, prefix, familyOf(address));
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
