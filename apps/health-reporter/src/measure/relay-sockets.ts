/** The relay ports of the TURN server. Both ends are included. */
export type PortRange = { readonly min: number; readonly max: number };

/** The port of each relay socket, keyed by its local address, port and inode. */
export type RelaySockets = ReadonlyMap<string, number>;

/** `sl: local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …` (proc_net(5)) */
const linePattern = /^\s*\d+: ([0-9A-F]+:([0-9A-F]{4})) [0-9A-F]+:([0-9A-F]{4}) \S+ \S+ \S+ \S+ +\d+ +\d+ (\d+)/i;

/**
 * Parses the live allocations from the text of /proc/net/udp or /proc/net/udp6. Each allocation binds a UDP port of the relay range. A socket
 * with a remote address belongs to another program, because a relay socket receives from any address. If a port is released and bound again, the
 * inode differs.
 */
export function parseRelaySockets(procNetUdp: string, { min, max }: PortRange): RelaySockets {
  const sockets = new Map<string, number>();
  for (const line of procNetUdp.split('\n')) {
    const [, local = '', localPort = '', remotePort = '', inode = ''] = linePattern.exec(line) ?? [];
    const port = Number.parseInt(localPort, 16);
    if (port >= min && port <= max && remotePort === '0000') sockets.set(`${local} ${inode}`, port);
  }
  return sockets;
}

/** Returns the inode of a socket from its key. */
export function inodeOf(socket: string): string {
  return socket.slice(socket.lastIndexOf(' ') + 1);
}
