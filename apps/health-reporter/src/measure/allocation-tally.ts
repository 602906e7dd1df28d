import type { RelaySockets } from './parse-relay-sockets.ts';

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
