/** What an interface has carried, and dropped in both directions, since it exists. */
export type InterfaceCounters = {
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly droppedPackets: number;
};

/** One interface's counters from the text of /proc/net/dev (proc_net(5)); undefined when it is not there. */
export function parseInterfaceCounters(procNetDev: string, name: string): InterfaceCounters | undefined {
  for (const line of procNetDev.split('\n')) {
    // An alias such as `eth0:1` holds a colon itself; the one that ends the name is the last.
    const end = line.lastIndexOf(':');
    if (end < 0 || line.slice(0, end).trim() !== name) continue;
    // bytes packets errs drop fifo frame compressed multicast, then the same of what was sent: bytes packets errs drop …
    const fields = line
      .slice(end + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    const [receivedBytes = NaN, , , receivedDrops = NaN] = fields;
    const [sentBytes = NaN, , , sentDrops = NaN] = fields.slice(8);
    const droppedPackets = receivedDrops + sentDrops;
    return Number.isFinite(receivedBytes + sentBytes + droppedPackets)
      ? { receivedBytes, sentBytes, droppedPackets }
      : undefined;
  }
  return undefined;
}
