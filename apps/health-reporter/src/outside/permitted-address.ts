import ipaddr from 'ipaddr.js';

/** Where a probe may go, whatever a record says. */
export type AddressRules = {
  /** Loopback is permitted while the registry itself is on loopback, as in a trial on one machine. */
  readonly allowsLoopback: boolean;
};

/** Ranges in which no caller reaches a node (RFC 6890). */
const forbiddenRanges: ReadonlySet<string> = new Set(['linkLocal', 'multicast', 'unspecified', 'broadcast']);

/** The ports below this one belong to other services. 80 and 443 pass firewalls, so TURN servers use them. */
const ordinaryPortMin = 1024;
const lowPorts: ReadonlySet<number> = new Set([80, 443]);

/** Whether a prober may send to this address. Private addresses are permitted, because some fleets have private callers. */
export function isPermittedAddress(address: string, { allowsLoopback }: AddressRules): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const range = withoutPrefix(ipaddr.process(address)).range();
  return range === 'loopback' ? allowsLoopback : !forbiddenRanges.has(range);
}

export function isPermittedPort(port: number): boolean {
  return port >= ordinaryPortMin || lowPorts.has(port);
}

/** Returns the IPv4 address inside a NAT64 address (RFC 6052 §2.1), because packets to it arrive there. Any other address stays. */
function withoutPrefix(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  return address.range() === 'rfc6052' ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

/** Whether every host of a registry's URL is on loopback. The URL may have several hosts, such as those of sentinels. */
export function isOnLoopback(url: string): boolean {
  const authority = /^[a-z0-9+]+:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
  const hosts = authority.slice(authority.lastIndexOf('@') + 1).split(',');
  return hosts.every((host) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host));
}
