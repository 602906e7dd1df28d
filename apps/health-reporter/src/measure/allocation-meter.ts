import { readText } from './read-text.ts';
import { parseRelaySockets, type PortRange, type RelaySockets } from './relay-sockets.ts';

export type AllocationFigures = {
  /** Without those of the reporter's own probes. */
  readonly live: number;
  /** Begun since the first sample. */
  readonly started: number;
};

/**
 * Samples the relay sockets in /proc/net/udp and udp6; undefined where the kernel does not tell. Samples follow one another, never
 * overlap, and each counts what began since the last one that could be read.
 */
export type AllocationMeter = (probedPorts?: ReadonlySet<number>) => Promise<AllocationFigures | undefined>;

export function createAllocationMeter(rootDirectory: string, relayPorts: PortRange): AllocationMeter {
  let tally: AllocationTally | undefined;
  return async (probedPorts = new Set()) => {
    const [udp, udp6] = await Promise.all(['udp', 'udp6'].map((name) => readText(rootDirectory, `proc/net/${name}`)));
    // A machine without IPv6 has only the first.
    if (udp === undefined) return undefined;
    const sockets = new Map([...parseRelaySockets(udp, relayPorts), ...parseRelaySockets(udp6 ?? '', relayPorts)]);
    tally = tallyAfterSample(tally, sockets, probedPorts);
    return { live: liveAllocations(tally), started: tally.started };
  };
}

/** Relay allocations as successive samples of the bound relay sockets show them. */
export type AllocationTally = {
  /** Those of the last sample. */
  readonly sockets: RelaySockets;
  /** Those among them that the reporter's own probes were given: no call's, and held by some servers for a second more. */
  readonly probes: ReadonlySet<string>;
  /** Allocations begun since the first sample. */
  readonly started: number;
};

/**
 * Adds the sockets that were not there in the sample before. The first sample adds none: since when those are there nobody knows.
 *
 * @param probedPorts ports that the reporter's own probe was just given
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

/** Without those of the probes. */
export function liveAllocations({ sockets, probes }: AllocationTally): number {
  return sockets.size - probes.size;
}

/** A socket to the caller and one to its peers; coturn itself reckons so. */
const filesPerAllocation = 2;

/**
 * Allocations that the server can hold: one for each relay port, and no more than its file descriptors allow where those are known. Ports
 * of one address family count once, since callers relay by IPv4 nearly always.
 */
export function allocationsCapacity({ min, max }: PortRange, files: { readonly limit: number } | undefined): number {
  const ports = max - min + 1;
  return files === undefined ? ports : Math.min(ports, Math.floor(files.limit / filesPerAllocation));
}
