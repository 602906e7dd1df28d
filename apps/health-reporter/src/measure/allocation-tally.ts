import type { RelaySockets } from './parse-relay-sockets.ts';

/** Relay allocations as successive samples of the bound relay sockets show them. */
export type AllocationTally = {
  /** Those of the last sample. */
  readonly sockets: RelaySockets;
  /** Those of them that the reporter's own probes were given. */
  readonly probed: ReadonlySet<string>;
  /** Allocations begun since the first sample. */
  readonly started: number;
};

/**
 * Adds the sockets that were not there in the sample before. The first sample adds none: since when those are there nobody knows.
 *
 * @param probedPorts ports that the reporter's own probe was just given: their sockets are no call's, as long as the server holds them
 */
export function tallyAfterSample(
  before: AllocationTally | undefined,
  sockets: RelaySockets,
  probedPorts: ReadonlySet<number>,
): AllocationTally {
  if (before === undefined) return { sockets, probed: new Set(), started: 0 };
  const begun = [...sockets].filter(([socket]) => !before.sockets.has(socket));
  const probed = begun.filter(([, port]) => probedPorts.has(port)).map(([socket]) => socket);
  const stillProbed = [...before.probed].filter((socket) => sockets.has(socket));
  return {
    sockets,
    probed: new Set([...stillProbed, ...probed]),
    started: before.started + begun.length - probed.length,
  };
}
