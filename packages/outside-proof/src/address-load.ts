import ipaddr from 'ipaddr.js';

/** Where a record sends callers. */
export type PublishedNode = {
  /** The addresses that the record names. */
  readonly addresses: readonly string[];
  /** The host name that the record names. */
  readonly hostname?: string | undefined;
};

/** Returns the number of nodes that are at an address, or may be. */
export type NodesAt = (address: string) => number;

/**
 * Counts the nodes at each address, so that probers share the load of an address even if many records name it.
 *
 * - Addresses in records are counted exactly, and by every prober alike. So are host names that the prober has resolved.
 * - Other host names may have the same address. The prober assumes that as many of them have it as of the resolved ones. A host name whose
 *   address is in its own record does not raise this estimate.
 *
 * @param nodes all records of the fleet
 * @param resolved the addresses of the host names that the prober has resolved: those of its targets, and of more nodes for a better estimate
 */
export function countNodesAt(
  nodes: readonly PublishedNode[],
  resolved: ReadonlyMap<string, readonly string[]>,
): NodesAt {
  const known = new Map(
    [...resolved].map(([name, addresses]) => [canonicalName(name), addresses.map(canonicalAddress)]),
  );
  const exact = new Map<string, number>();
  const onlyResolved = new Map<string, number>();
  let resolvedNodes = 0;
  let otherNodes = 0;
  for (const { addresses, hostname } of nodes) {
    const named = new Set(addresses.map(canonicalAddress));
    const found = hostname === undefined ? [] : known.get(canonicalName(hostname));
    if (hostname !== undefined && found === undefined) otherNodes += 1;
    else if (hostname !== undefined) resolvedNodes += 1;
    for (const address of new Set([...named, ...(found ?? [])])) {
      addOne(exact, address);
      if (!named.has(address)) addOne(onlyResolved, address);
    }
  }
  return (text) => {
    const address = canonicalAddress(text);
    const share = resolvedNodes === 0 ? 0 : (onlyResolved.get(address) ?? 0) / resolvedNodes;
    return Math.max(1, (exact.get(address) ?? 0) + Math.ceil(share * otherNodes));
  };
}

function addOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/**
 * An IPv6 address has many spellings. An IPv4 address inside it is IPv4 (RFC 4291 §2.5.5.2). The contract permits one spelling of IPv4, and
 * skipping it saves most of the time.
 */
function canonicalAddress(address: string): string {
  if (!address.includes(':')) return address;
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}

/** A host name ignores case and a last dot (RFC 4343, RFC 1034 §3.1). */
function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
