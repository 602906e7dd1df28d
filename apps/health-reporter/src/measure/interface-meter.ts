import { bandwidthMbps, dropsPerSecond } from './counter-rates.ts';
import { createSlidingWindow } from './sliding-window.ts';

export type InterfaceFigures = {
  /** The received or the sent traffic, whichever is larger, summed over all interfaces. */
  readonly bandwidthMbps: number;
  readonly dropsPerSecond: number;
  /** Interfaces that do not exist. */
  readonly missing: readonly string[];
};

export type InterfaceMeterOptions = {
  /** The interfaces whose counters are summed. */
  names: readonly string[];
  /** The time over which figures are averaged. With a longer time, figures are steadier, but show a change later. */
  windowMs: number;
  /** Returns the text of /proc/net/dev. */
  read: () => Promise<string>;
  monotonicMs: () => number;
};

/**
 * Samples the interfaces and returns the mean over the last window. Until one window has passed, returns the mean over the time so far. If counters
 * restarted, the traffic is unknown, and the last figures are returned until the next sample.
 */
export type InterfaceMeter = () => Promise<InterfaceFigures>;

type CounterSample = InterfaceCounters & { readonly monotonicMs: number };

export function createInterfaceMeter({ names, windowMs, read, monotonicMs }: InterfaceMeterOptions): InterfaceMeter {
  const window = createSlidingWindow<CounterSample>(windowMs);
  let missingBefore = '';
  let last = { bandwidthMbps: 0, dropsPerSecond: 0 };
  return async () => {
    const text = await read();
    const found = names.map((name) => parseInterfaceCounters(text, name));
    const missing = names.filter((_, index) => found[index] === undefined);
    // A sum cannot be compared with the sum over other interfaces.
    if (missing.join() !== missingBefore) window.clear();
    missingBefore = missing.join();
    const after = { ...sumOf(found), monotonicMs: monotonicMs() };
    const before = window.baselineOf(after);
    if (before === undefined) return { ...last, missing };
    const mbps = bandwidthMbps(before, after);
    const drops = dropsPerSecond(before, after);
    if (mbps === undefined || drops === undefined) {
      window.clear();
      window.baselineOf(after);
    } else last = { bandwidthMbps: mbps, dropsPerSecond: drops };
    return { ...last, missing };
  };
}

function sumOf(counters: readonly (InterfaceCounters | undefined)[]): InterfaceCounters {
  const sum = { receivedBytes: 0, sentBytes: 0, droppedPackets: 0 };
  for (const counter of counters) {
    sum.receivedBytes += counter?.receivedBytes ?? 0;
    sum.sentBytes += counter?.sentBytes ?? 0;
    sum.droppedPackets += counter?.droppedPackets ?? 0;
  }
  return sum;
}

/** The bytes that an interface has carried, and the packets that it has dropped in both directions, since its creation. */
export type InterfaceCounters = {
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly droppedPackets: number;
};

/** Parses one interface's counters from the text of /proc/net/dev (proc_net(5)); undefined if the interface does not exist. */
export function parseInterfaceCounters(procNetDev: string, name: string): InterfaceCounters | undefined {
  for (const line of procNetDev.split('\n')) {
    // An alias such as `eth0:1` contains a colon; the last colon ends the name.
    const end = line.lastIndexOf(':');
    if (end < 0 || line.slice(0, end).trim() !== name) continue;
    // Received: bytes packets errs drop fifo frame compressed multicast; then sent: bytes packets errs drop …
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
