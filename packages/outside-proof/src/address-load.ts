import ipaddr from 'ipaddr.js';

/** Returns the number of nodes that may be at an address or host name. */
export type NodesAt = (address: string) => number;

/**
 * Counts the nodes at each address, so that probers share the load of an address even if many records name it.
 *
 * - Addresses and host names that records publish are counted exactly, and by every prober alike.
 * - Different host names can have the same address. A prober resolves only some of them. If two or more of these have the same address, it
 *   assumes the same share among all nodes.
 *
 * @param published what each record of the fleet names: addresses and host names
 * @param resolved the addresses of some nodes after DNS: the prober's targets, and more nodes if it wants a better estimate
 */
export function countNodesAt(
  published: readonly (readonly string[])[],
  resolved: readonly (readonly string[])[],
): NodesAt {
  const named = countNames(published);
  const found = countNames(resolved);
  return (address) => {
    const name = canonicalName(address);
    const inSample = found.get(name) ?? 0;
    const estimated = inSample >= 2 ? Math.ceil((inSample / resolved.length) * published.length) : 1;
    return Math.max(named.get(name) ?? 1, estimated);
  };
}

function countNames(lists: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const list of lists) {
    for (const name of new Set(list.map(canonicalName))) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** An address has many spellings, and a host name ignores case and a last dot. IPv4 addresses inside IPv6 are IPv4 (RFC 4291 §2.5.5.2). */
function canonicalName(name: string): string {
  return ipaddr.isValid(name) ? ipaddr.process(name).toString() : name.toLowerCase().replace(/\.$/, '');
}
