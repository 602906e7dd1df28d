import type { ForeignSockets } from './foreign-sockets.ts';
import { readText } from './read-text.ts';
import { inodeOf, parseRelaySockets, type PortRange, type RelaySockets } from './relay-sockets.ts';

export type AllocationFigures = {
  /** Live allocations, without those of the reporter's own probes. */
  readonly live: number;
  /** Allocations created since the first sample, without most of the short ones: see `AllocationTally`. */
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
    return { live: liveAllocations(tally), started: tally.started };
  };
}

/** The relay allocations, counted in successive samples of the bound relay sockets. */
export type AllocationTally = {
  /** The sockets of the last sample. */
  readonly sockets: RelaySockets;
  /** The sockets that belong to the reporter's own probes. Some servers keep them for a second after the probe. */
  readonly probes: ReadonlySet<string>;
  /** Allocations created since the first sample, without most of the short ones. The number never decreases. */
  readonly started: number;
  /** Short allocations that are in `started`. For each of them, one later allocation is left out. */
  readonly shortCounted: number;
  /** By socket, the time of the last sample without it. Sockets of the first sample are absent. */
  readonly absentAtMs: ReadonlyMap<string, number>;
  readonly atMs: number;
};

/**
 * An allocation is short if it certainly ended within this time, ms. Probes of other nodes' reporters take up to 1.5 s in the farthest regions, and
 * coturn keeps the socket for one more second. Samples once a second add up to two seconds. With a longer time, more short calls are left out.
 */
const shortMs = 4_500;

/** The relay sockets at one moment of a monotonic clock. */
export type AllocationSample = { readonly sockets: RelaySockets; readonly atMs: number };

/**
 * Counts the sockets that were not in the previous sample. The first sample counts no socket, because the age of its sockets is unknown.
 *
 * A short allocation is no call. Most are probes from outside, which come again and again. Whether an allocation is short is known when it has ended,
 * and the number must not decrease. So the next new allocation is left out for it: after the first probe from outside, probes do not add to the
 * number.
 *
 * @param probedPorts relay ports of the reporter's own last probe
 */
export function tallyAfterSample(
  before: AllocationTally | undefined,
  { sockets, atMs }: AllocationSample,
  probedPorts: ReadonlySet<number>,
): AllocationTally {
  const probes = new Set<string>();
  const absentAtMs = new Map<string, number>();
  let started = before?.started ?? 0;
  let shortCounted = before?.shortCounted ?? 0;
  for (const [socket, absentMs] of before?.absentAtMs ?? []) {
    if (sockets.has(socket)) absentAtMs.set(socket, absentMs);
    else if (atMs - absentMs <= shortMs) shortCounted += 1;
  }
  for (const [socket, port] of sockets) {
    const isNew = before?.sockets.has(socket) !== true;
    if (isNew ? probedPorts.has(port) : before.probes.has(socket)) probes.add(socket);
    else if (isNew && before !== undefined) {
      absentAtMs.set(socket, before.atMs);
      if (shortCounted > 0) shortCounted -= 1;
      else started += 1;
    }
  }
  return { sockets, probes, started, shortCounted, absentAtMs, atMs };
}

/** Counts the live allocations without those of the probes. */
export function liveAllocations({ sockets, probes }: AllocationTally): number {
  return sockets.size - probes.size;
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
