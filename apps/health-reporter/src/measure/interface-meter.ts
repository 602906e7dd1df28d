import { bandwidthMbps, dropsPerSecond } from './between-samples.ts';
import { createSlidingWindow } from './sliding-window.ts';

export type InterfaceFigures = {
  /** The larger of in and out, over all interfaces. */
  readonly bandwidthMbps: number;
  readonly dropsPerSecond: number;
  /** Interfaces that are not there. */
  readonly missing: readonly string[];
};

export type InterfaceMeterOptions = {
  /** Whose counters are added up. */
  names: readonly string[];
  /** What the figures are a mean of. Longer: calmer, and later to tell. */
  windowMs: number;
  /** The text of /proc/net/dev. */
  read: () => Promise<string>;
  monotonicMs: () => number;
};

/**
 * Samples the interfaces, and answers with the mean over the last window, or over all the time there is before one has passed. Where
 * counters began anew, what was carried meanwhile nobody knows: the last figures stand until the next sample.
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
    // Sums over other interfaces cannot be compared.
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
