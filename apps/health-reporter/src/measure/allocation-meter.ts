import type { ForeignSockets } from './foreign-sockets.ts';
import { readText } from './read-text.ts';
import { inodeOf, parseRelaySockets, type PortRange, type RelaySockets } from './relay-sockets.ts';

export type AllocationFigures = {
  /** Live allocations, without those of the reporter's own probes. */
  readonly live: number;
  /** Live allocations that are old enough to be calls: see `settledMs`. */
  readonly settled: number;
  /** Allocations of which the meter saw the start, and that have settled since. The number never decreases. */
  readonly started: number;
};

/**
 * Samples the relay sockets in /proc/net/udp and udp6, without those of other programs. Returns undefined if the kernel does not list them. Samples never overlap. Each sample
 * counts the allocations created since the last sample that could be read.
 */
export type AllocationMeter = (probedPorts?: ReadonlySet<number>) => Promise<AllocationFigures | undefined>;

export function createAllocationMeter(
  rootDirectory: string,
  relayPorts: PortRange,
  { foreignSockets, monotonicMs }: { readonly foreignSockets: ForeignSockets; readonly monotonicMs: () => number },
): AllocationMeter {
  let tally: AllocationTally | undefined;
  return async (probedPorts = new Set()) => {
    const [udp, udp6] = await Promise.all(['udp', 'udp6'].map((name) => readText(rootDirectory, `proc/net/${name}`)));
    // A machine without IPv6 has no udp6.
    if (udp === undefined) return undefined;
    const bound = [...parseRelaySockets(udp, relayPorts), ...parseRelaySockets(udp6 ?? '', relayPorts)];
    const foreign = await foreignSockets(new Set(bound.map(([socket]) => inodeOf(socket))));
    const sockets = new Map(bound.filter(([socket]) => !foreign.has(inodeOf(socket))));
    tally = tallyAfterSample(tally, { sockets, atMs: monotonicMs() }, probedPorts);
    return figuresOf(tally);
  };
}

/** The relay allocations, counted in successive samples of the bound relay sockets. */
export type AllocationTally = {
  /** The sockets of the last sample. */
  readonly sockets: RelaySockets;
  /** The sockets that belong to the reporter's own probes. Some servers keep them for a second after the probe. */
  readonly probes: ReadonlySet<string>;
  /** By socket, the time of the first sample with it. -Infinity for sockets of the very first sample, because their age is unknown. */
  readonly seenAtMs: ReadonlyMap<string, number>;
  readonly started: number;
  readonly atMs: number;
};

/**
 * An allocation has settled after this time, ms. Younger ones may be probes of other nodes' reporters, whose sockets look like those of calls: a
 * path that fails takes 5 s, and coturn keeps the socket for one more second.
 */
const settledMs = 7_000;

/** The relay sockets at one moment of a monotonic clock. */
export type AllocationSample = { readonly sockets: RelaySockets; readonly atMs: number };

/**
 * Takes a sample. An allocation counts as started when it has settled. So what has started and what is settled always belong together, and probes
 * from outside, which come again and again, are in neither.
 *
 * @param probedPorts relay ports of the reporter's own last probe
 */
export function tallyAfterSample(
  before: AllocationTally | undefined,
  { sockets, atMs }: AllocationSample,
  probedPorts: ReadonlySet<number>,
): AllocationTally {
  const probes = new Set<string>();
  const seenAtMs = new Map<string, number>();
  let started = before?.started ?? 0;
  for (const [socket, port] of sockets) {
    const isNew = before?.sockets.has(socket) !== true;
    if (isNew ? probedPorts.has(port) : before.probes.has(socket)) {
      probes.add(socket);
      continue;
    }
    const firstMs = before === undefined ? -Infinity : (before.seenAtMs.get(socket) ?? atMs);
    seenAtMs.set(socket, firstMs);
    if (before !== undefined && isSettled(firstMs, atMs) && !isSettled(firstMs, before.atMs)) started += 1;
  }
  return { sockets, probes, seenAtMs, started, atMs };
}

const isSettled = (firstMs: number, atMs: number) => atMs - firstMs >= settledMs;

/** Returns the figures without the reporter's own probes. */
export function figuresOf({ seenAtMs, started, atMs }: AllocationTally): AllocationFigures {
  const settled = [...seenAtMs.values()].filter((firstMs) => isSettled(firstMs, atMs)).length;
  return { live: seenAtMs.size, settled, started };
}

/** The file descriptors per allocation: one socket to the caller and one socket to the peers. coturn uses the same number. */
const filesPerAllocation = 2;

/**
 * Returns the number of allocations that the server can hold: one for each relay port. If the limit of file descriptors is known, it can lower
 * this number. Each port counts once and not once for each address family, because nearly all callers relay over IPv4.
 */
export function allocationsCapacity({ min, max }: PortRange, files: { readonly limit: number } | undefined): number {
  const ports = max - min + 1;
  return files === undefined ? ports : Math.min(ports, Math.floor(files.limit / filesPerAllocation));
}
