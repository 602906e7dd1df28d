/** Ports that the TURN server relays from, both ends included. */
export type PortRange = { readonly min: number; readonly max: number };

/** The port of each relay socket, by what tells it from every other: local address, port and inode. */
export type RelaySockets = ReadonlyMap<string, number>;

/** `sl: local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …` (proc_net(5)) */
const linePattern = /^\s*\d+: ([0-9A-F]+:([0-9A-F]{4})) [0-9A-F]+:([0-9A-F]{4}) \S+ \S+ \S+ \S+ +\d+ +\d+ (\d+)/i;

/**
 * Live allocations, from the text of /proc/net/udp or /proc/net/udp6: each one binds a UDP port of the relay range. A socket with a
 * peer is somebody's client, not a relay, which receives from anybody. The inode shows a port that was given back and bound anew.
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
