/** Bytes that an interface has carried since it exists. */
export type InterfaceCounters = { readonly receivedBytes: number; readonly sentBytes: number };

/** One interface's counters from the text of /proc/net/dev (proc_net(5)); undefined when it is not there. */
export function parseInterfaceCounters(procNetDev: string, name: string): InterfaceCounters | undefined {
  for (const line of procNetDev.split('\n')) {
    // An alias such as `eth0:1` holds a colon itself; the one that ends the name is the last.
    const end = line.lastIndexOf(':');
    if (end < 0 || line.slice(0, end).trim() !== name) continue;
    const fields = line
      .slice(end + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    const [receivedBytes = NaN] = fields;
    const sentBytes = fields[8] ?? NaN;
    return Number.isFinite(receivedBytes + sentBytes) ? { receivedBytes, sentBytes } : undefined;
  }
  return undefined;
}
