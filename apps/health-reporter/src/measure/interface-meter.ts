import { bandwidthMbps, dropsPerSecond } from './counter-rates.ts';
import { createStepCheck } from './counter-steps.ts';
import { createSlidingWindow } from './sliding-window.ts';

export type InterfaceFigures = {
  /** The received or the sent traffic, whichever is larger, summed over all interfaces. */
  readonly bandwidthMbps: number;
  readonly dropsPerSecond: number;
  /** Interfaces that do not exist. */
  readonly missing: readonly string[];
};

export type InterfaceMeterOptions = {
  /** Returns the interfaces whose counters are summed. */
  names: () => readonly string[];
  /** The time over which figures are averaged. With a longer time, figures are steadier, but show a change later. */
  windowMs: number;
  /** Returns the text of /proc/net/dev. */
  read: () => Promise<string>;
  monotonicMs: () => number;
};

/**
 * Samples the interfaces and returns the mean over the last window. Until one window has passed, returns the mean over the time so far. If a counter
 * goes back, or another set of interfaces exists, the traffic since the last sample is unknown. This traffic and its time are then left out.
 */
export type InterfaceMeter = () => Promise<InterfaceFigures>;

/** The known traffic, summed over the interfaces. `monotonicMs` is the time in which it was carried. */
type CarriedTraffic = InterfaceCounters & { readonly monotonicMs: number };

const nothing: InterfaceCounters = { receivedBytes: 0, sentBytes: 0, droppedPackets: 0 };

export function createInterfaceMeter({ names, windowMs, read, monotonicMs }: InterfaceMeterOptions): InterfaceMeter {
  const window = createSlidingWindow<CarriedTraffic>(windowMs);
  const isKnownStep = createStepCheck();
  let sumBefore = nothing;
  let readAtMs = 0;
  let carried: CarriedTraffic = { ...nothing, monotonicMs: 0 };
  let last = { bandwidthMbps: 0, dropsPerSecond: 0 };
  return async () => {
    const text = await read();
    const found = names().map((name) => ({ name, counters: parseInterfaceCounters(text, name) }));
    const missing = found.filter(({ counters }) => counters === undefined).map(({ name }) => name);
    const sum = sumOf(found.map(({ counters }) => counters));
    const nowMs = monotonicMs();
    if (isKnownStep(countersByName(found))) carried = continued(carried, sumBefore, sum, nowMs - readAtMs);
    sumBefore = sum;
    readAtMs = nowMs;
    const before = window.baselineOf(carried);
    last = {
      bandwidthMbps: (before && bandwidthMbps(before, carried)) ?? last.bandwidthMbps,
      dropsPerSecond: (before && dropsPerSecond(before, carried)) ?? last.dropsPerSecond,
    };
    return { ...last, missing };
  };
}

/** Each counter counts alone, because the growth of one interface can hide that another interface goes back. */
function countersByName(
  found: readonly { readonly name: string; readonly counters: InterfaceCounters | undefined }[],
): ReadonlyMap<string, number> {
  return new Map(
    found.flatMap(({ name, counters = {} }) =>
      Object.entries(counters).map(([field, value]) => [`${name} ${field}`, value] as const),
    ),
  );
}

/** Adds the growth between two sums, and its time. */
function continued(
  carried: CarriedTraffic,
  before: InterfaceCounters,
  after: InterfaceCounters,
  ms: number,
): CarriedTraffic {
  return {
    receivedBytes: carried.receivedBytes + after.receivedBytes - before.receivedBytes,
    sentBytes: carried.sentBytes + after.sentBytes - before.sentBytes,
    droppedPackets: carried.droppedPackets + after.droppedPackets - before.droppedPackets,
    monotonicMs: carried.monotonicMs + ms,
  };
}

function sumOf(counters: readonly (InterfaceCounters | undefined)[]): InterfaceCounters {
  const sum = { ...nothing };
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
