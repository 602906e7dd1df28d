import { bandwidthMbps } from './bandwidth-mbps.ts';
import { dropsPerSecond } from './drops-per-second.ts';
import { parseInterfaceCounters, type InterfaceCounters } from './parse-interface-counters.ts';
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

type Sample = InterfaceCounters & { readonly monotonicMs: number };

export function createInterfaceMeter({ names, windowMs, read, monotonicMs }: InterfaceMeterOptions): InterfaceMeter {
  const window = createSlidingWindow<Sample>(windowMs);
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
