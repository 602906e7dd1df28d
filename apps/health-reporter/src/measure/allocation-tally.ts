import type { RelaySockets } from './parse-relay-sockets.ts';

/** Relay allocations as successive samples of the bound relay sockets show them. */
export type AllocationTally = {
  /** Those of the last sample. */
  readonly sockets: RelaySockets;
  /** Allocations begun since the first sample. */
  readonly started: number;
};

/**
 * Adds the sockets that were not there in the sample before. The first sample adds none: since when those are there nobody knows.
 *
 * @param probedPorts ports that the reporter's own probe was just given: their sockets are no call's
 */
export function tallyAfterSample(
  before: AllocationTally | undefined,
  sockets: RelaySockets,
  probedPorts: ReadonlySet<number>,
): AllocationTally {
  if (before === undefined) return { sockets, started: 0 };
  let { started } = before;
  for (const [socket, port] of sockets) {
    if (!before.sockets.has(socket) && !probedPorts.has(port)) started += 1;
  }
  return { sockets, started };
}
