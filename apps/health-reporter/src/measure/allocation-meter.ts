import type { ForeignSockets } from './foreign-sockets.ts';
import { readText } from './read-text.ts';
import { inodeOf, parseRelaySockets, type PortRange, type RelaySockets } from './relay-sockets.ts';

export type AllocationFigures = {
  /** Live allocations, without those of the reporter's own probes. */
  readonly live: number;
  /** Allocations created since the first sample. */
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
  foreignSockets: ForeignSockets,
): AllocationMeter {
  let tally: AllocationTally | undefined;
  return async (probedPorts = new Set()) => {
    const [udp, udp6] = await Promise.all(['udp', 'udp6'].map((name) => readText(rootDirectory, `proc/net/${name}`)));
    // A machine without IPv6 has no udp6.
    if (udp === undefined) return undefined;
    const bound = [...parseRelaySockets(udp, relayPorts), ...parseRelaySockets(udp6 ?? '', relayPorts)];
    const foreign = await foreignSockets(new Set(bound.map(([socket]) => inodeOf(socket))));
    const sockets = new Map(bound.filter(([socket]) => !foreign.has(inodeOf(socket))));
    tally = tallyAfterSample(tally, sockets, probedPorts);
    return { live: liveAllocations(tally), started: tally.started };
  };
}

/** The relay allocations, counted in successive samples of the bound relay sockets. */
export type AllocationTally = {
  /** The sockets of the last sample. */
  readonly sockets: RelaySockets;
  /** The sockets that belong to the reporter's own probes. Some servers keep them for a second after the probe. */
  readonly probes: ReadonlySet<string>;
  /** Allocations created since the first sample. */
  readonly started: number;
};

/**
 * Counts the sockets that were not in the previous sample. The first sample counts no socket, because the age of its sockets is unknown.
 *
 * @param probedPorts relay ports of the reporter's own last probe
 */
export function tallyAfterSample(
  before: AllocationTally | undefined,
  sockets: RelaySockets,
  probedPorts: ReadonlySet<number>,
): AllocationTally {
  const probes = new Set<string>();
  let started = before?.started ?? 0;
  for (const [socket, port] of sockets) {
    const isNew = before?.sockets.has(socket) !== true;
    if (isNew ? probedPorts.has(port) : before.probes.has(socket)) probes.add(socket);
    else if (isNew && before !== undefined) started += 1;
  }
  return { sockets, probes, started };
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
