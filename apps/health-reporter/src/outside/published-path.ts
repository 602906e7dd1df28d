import type { Transport } from '@turn-router/contract/http';
import type { PublishedReport } from '@turn-router/contract/registry';
import type { PublishedNode } from '@turn-router/outside-proof';

/** One URL that callers get for a node. `host` is an IP address, or a name that has addresses of one or both families. */
export type PublishedPath = {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  /** TLS only: the name that the certificate must contain. */
  readonly serverName?: string;
};

/** The transports of a record without `transports`. */
const defaultTransports: readonly Transport[] = ['udp', 'tcp'];

/**
 * Returns what a record publishes for callers, as the router builds its URLs: the addresses, or the name if there are none; UDP at each address,
 * TCP at the first, and TLS at the name.
 */
export function publishedPaths(report: PublishedReport): PublishedPath[] {
  const { public_ip, public_ipv6, hostname, port, tls_port, transports = defaultTransports } = report;
  const addresses = [public_ip, public_ipv6].filter((address) => address !== undefined);
  const hosts = addresses.length > 0 ? addresses : [hostname].filter((name) => name !== undefined);
  const [first] = hosts;
  const paths: PublishedPath[] = [];
  if (transports.includes('udp')) paths.push(...hosts.map((host) => ({ transport: 'udp', host, port }) as const));
  if (transports.includes('tcp') && first !== undefined) paths.push({ transport: 'tcp', host: first, port });
  if (transports.includes('tls') && hostname !== undefined && tls_port !== undefined) {
    paths.push({ transport: 'tls', host: hostname, port: tls_port, serverName: hostname });
  }
  return paths;
}

/** Returns where the record sends callers. */
export function publishedNode({ public_ip, public_ipv6, hostname }: PublishedReport): PublishedNode {
  return { addresses: [public_ip, public_ipv6].filter((address) => address !== undefined), hostname };
}
