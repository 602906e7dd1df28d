/** Ports that the TURN server relays from, both ends included. */
export type PortRange = { readonly min: number; readonly max: number };

/**
 * Live allocations, from the text of /proc/net/udp or /proc/net/udp6 (proc_net(5)): each one binds a UDP port of the relay range.
 * A socket with a peer is somebody's client, not a relay, which receives from anybody.
 */
export function countRelayPorts(procNetUdp: string, { min, max }: PortRange): number {
  let count = 0;
  for (const line of procNetUdp.split('\n')) {
    const [, local = '', remote = ''] = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) /i.exec(line) ?? [];
    const port = Number.parseInt(local, 16);
    if (port >= min && port <= max && remote === '0000') count += 1;
  }
  return count;
}
