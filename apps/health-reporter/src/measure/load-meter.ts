import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { createAbsenceLog } from './absence-log.ts';
import { bandwidthMbps } from './bandwidth-mbps.ts';
import { chooseCpuReader, type CpuScope } from './choose-cpu-reader.ts';
import { countRelayPorts, type PortRange } from './count-relay-ports.ts';
import { cpuPercent } from './cpu-percent.ts';
import { defaultInterface } from './default-interface.ts';
import { figureBetweenSamples } from './figure-between-samples.ts';
import { parseInterfaceCounters } from './parse-interface-counters.ts';
import { readText } from './read-text.ts';

export type Load = {
  readonly cpuPercent: number;
  readonly bandwidthMbps: number;
  /** Undefined where the kernel does not tell. */
  readonly allocations: number | undefined;
};

export interface LoadMeter {
  /** The node's load since the call before; the first call only sets the start and answers 0. */
  measure(): Promise<Load>;
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
  const measureAllocations = async () => {
    const tables = await Promise.all(['proc/net/udp', 'proc/net/udp6'].map((path) => readText(rootDirectory, path)));
    // A machine without IPv6 has only the first.
    if (tables[0] === undefined) return undefined;
    return tables.reduce((sum, table) => sum + countRelayPorts(table ?? '', relayPorts), 0);
  };

  return {
    async measure() {
      const [cpu, bandwidth, allocations] = await Promise.all([measureCpu(), measureBandwidth(), measureAllocations()]);
      logAbsence(cpuReader.source, cpu !== undefined, 'the CPU is reported as 0');
      logAbsence(`interface ${networkInterface}`, bandwidth !== undefined, 'the bandwidth is reported as 0');
      logAbsence('/proc/net/udp', allocations !== undefined, 'allocations are not reported');
      return { cpuPercent: cpu ?? 0, bandwidthMbps: bandwidth ?? 0, allocations };
    },
  };
}
