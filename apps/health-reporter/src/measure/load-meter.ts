import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { createAbsenceLog } from './absence-log.ts';
import { createAllocationMeter, type AllocationFigures } from './allocation-meter.ts';
import { bandwidthMbps } from './bandwidth-mbps.ts';
import { chooseCpuReader, type CpuScope } from './choose-cpu-reader.ts';
import { cpuPercent } from './cpu-percent.ts';
import { defaultInterface } from './default-interface.ts';
import { figureBetweenSamples } from './figure-between-samples.ts';
import { parseInterfaceCounters } from './parse-interface-counters.ts';
import type { PortRange } from './parse-relay-sockets.ts';
import { readText } from './read-text.ts';

export type Load = {
  readonly cpuPercent: number;
  readonly bandwidthMbps: number;
  /** Undefined where the kernel does not tell. */
  readonly allocations: AllocationFigures | undefined;
};

export interface LoadMeter {
  /** The node's load since the call before; the first call only sets the start and answers 0. */
  measure(): Promise<Load>;
  /**
   * Looks for allocations that have begun, so that one which is over by the next `measure` is counted, too.
   *
   * @param probedPorts relay ports that the reporter's own probe was just given, which are not to be counted; default none
   */
  noticeAllocations(probedPorts?: ReadonlySet<number>): Promise<void>;
}

export type LoadMeterOptions = {
  /** Where `proc` and `sys` are found; `/` but in tests. */
  rootDirectory: string;
  /** Default: that of the default route, else `lo`. */
  networkInterface: string | undefined;
  relayPorts: PortRange;
  cpuScope: CpuScope;
  clock: Clock;
  logger: Logger;
};

/** Chooses the sources, says in the log which they are, and measures. A source that is missing is said once. */
export async function createLoadMeter(options: LoadMeterOptions): Promise<LoadMeter> {
  const { rootDirectory, clock, relayPorts, logger } = options;
  const read = async (path: string) => (await readText(rootDirectory, path)) ?? '';
  const cpuReader = await chooseCpuReader(rootDirectory, options.cpuScope, clock.monotonicMs);
  const routed = defaultInterface(await read('proc/net/route'), await read('proc/net/ipv6_route'));
  const networkInterface = options.networkInterface ?? routed ?? 'lo';
  logger.info(
    { cpuSource: cpuReader.source, networkInterface },
    `CPU from ${cpuReader.source}, bandwidth of ${networkInterface}`,
  );

  const logAbsence = createAbsenceLog(logger);
  const measureCpu = figureBetweenSamples(() => cpuReader.read(), cpuPercent);
  const measureBandwidth = figureBetweenSamples(async () => {
    const counters = parseInterfaceCounters(await read('proc/net/dev'), networkInterface);
    return counters && { ...counters, monotonicMs: clock.monotonicMs() };
  }, bandwidthMbps);
  const sampleAllocations = createAllocationMeter(rootDirectory, relayPorts);

  return {
    async measure() {
      const [cpu, bandwidth, allocations] = await Promise.all([measureCpu(), measureBandwidth(), sampleAllocations()]);
      logAbsence(cpuReader.source, cpu !== undefined, 'the CPU is reported as 0');
      logAbsence(`interface ${networkInterface}`, bandwidth !== undefined, 'the bandwidth is reported as 0');
      logAbsence('/proc/net/udp', allocations !== undefined, 'allocations are not reported');
      return { cpuPercent: cpu ?? 0, bandwidthMbps: bandwidth ?? 0, allocations };
    },
    async noticeAllocations(probedPorts) {
      await sampleAllocations(probedPorts);
    },
  };
}
