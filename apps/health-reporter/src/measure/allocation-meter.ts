import { liveAllocations, tallyAfterSample, type AllocationTally } from './allocation-tally.ts';
import { parseRelaySockets, type PortRange } from './parse-relay-sockets.ts';
import { readText } from './read-text.ts';

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
