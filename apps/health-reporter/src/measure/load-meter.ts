import type { Logger } from '../logger.ts';
import type { Clock } from '../system/clock.ts';
import { createAbsenceLog } from './absence-log.ts';
import { allocationsCapacity, createAllocationMeter } from './allocation-meter.ts';
import { cpuPercent, createRateReader, pressurePercent } from './counter-rates.ts';
import { readCpuPressureMs } from './cpu-pressure.ts';
import { chooseCpuReader, type CpuScope } from './cpu-reader.ts';
import { readExporterAllocations } from './exporter-allocations.ts';
import { createForeignSockets } from './foreign-sockets.ts';
import { createInterfaceMeter } from './interface-meter.ts';
import { chooseInterfaces } from './measured-interfaces.ts';
import { readText } from './read-text.ts';
import type { PortRange } from './relay-sockets.ts';
import { createServerFilesMeter, type ServerFiles } from './server-files-meter.ts';
import { createServerProcess } from './server-process.ts';

/** The load of a node. A figure without a source is undefined. */
export type Load = {
  readonly cpuPercent: number;
  readonly bandwidthMbps: number;
  readonly allocations: {
    /** All live allocations. A drain waits for them. */
    readonly live: number | undefined;
    /** Those that are old enough to be calls, and not probes of other nodes. */
    readonly settled: number | undefined;
    /** Allocations that started and settled since the reporter started. */
    readonly started: number | undefined;
    readonly capacity: number | undefined;
  };
  /** Figures for operators. They help to explain the figures above. */
  readonly details: {
    readonly cpuPressurePercent: number | undefined;
    readonly dropsPerSecond: number | undefined;
    readonly serverFiles: ServerFiles | undefined;
  };
};

export interface LoadMeter {
  /**
   * Measures the node's load: CPU since the previous call, bandwidth as the mean of the window, and allocations now. The first call returns 0 for
   * CPU and bandwidth.
   */
  measure(): Promise<Load>;
  /**
   * Samples allocations and traffic between two measurements. So short allocations are counted, too.
   *
   * @param probedPorts relay ports of the reporter's last probe, which are not counted; default: no ports
   */
  sample(probedPorts?: ReadonlySet<number>): Promise<void>;
}

export type LoadMeterOptions = {
  /** The directory with `proc` and `sys`. It is `/`, except in tests. */
  rootDirectory: string;
  /** Default: the interface of the default route. Without a default route `lo`, with a warning. */
  networkInterfaces: readonly string[] | undefined;
  bandwidthWindowMs: number;
  relayPorts: PortRange;
  /** The UDP port of the TURN server, to find its process. */
  turnPort: number;
  /** The URL of the TURN server's Prometheus exporter. */
  metricsUrl: string | undefined;
  /** The timeout of the exporter. The report waits for the exporter. */
  metricsTimeoutMs: number;
  cpuScope: CpuScope;
  clock: Clock;
  logger: Logger;
};

/** Chooses the sources, logs them, and measures. A missing source is logged once. */
export async function createLoadMeter(options: LoadMeterOptions): Promise<LoadMeter> {
  const { rootDirectory, clock, relayPorts, metricsUrl, logger } = options;
  const { monotonicMs } = clock;
  const read = async (path: string) => (await readText(rootDirectory, path)) ?? '';
  const cpuReader = await chooseCpuReader(rootDirectory, options.cpuScope, monotonicMs);
  const interfaces = await chooseInterfaces(options.networkInterfaces, read, logger);
  function logSources(): void {
    const networkInterfaces = interfaces.names();
    logger.info(
      { event: 'measure.sources_chosen', cpuSource: cpuReader.source, networkInterfaces },
      `measuring the CPU load from ${cpuReader.source}, and the bandwidth of ${networkInterfaces.join(' and ')}`,
    );
  }
  logSources();

  const logAbsence = createAbsenceLog(logger);
  const measureCpu = createRateReader(() => cpuReader.read(), cpuPercent);
  const measurePressure = createRateReader(async () => {
    const stalledMs = await readCpuPressureMs(rootDirectory, cpuReader.pressureFiles);
    return stalledMs === undefined ? undefined : { stalledMs, monotonicMs: monotonicMs() };
  }, pressurePercent);
  const sampleInterfaces = createInterfaceMeter({
    names: interfaces.names,
    windowMs: options.bandwidthWindowMs,
    read: () => read('proc/net/dev'),
    monotonicMs,
  });
  const serverProcess = createServerProcess(rootDirectory, options.turnPort, monotonicMs);
  const foreignSockets = createForeignSockets(rootDirectory, serverProcess);
  const sampleAllocations = createAllocationMeter(rootDirectory, relayPorts, { foreignSockets, monotonicMs });
  const readServerFiles = createServerFilesMeter(rootDirectory, serverProcess);

  return {
    async measure() {
      if (await interfaces.update()) logSources();
      const [cpu, pressure, traffic, sockets, exported, files] = await Promise.all([
        measureCpu(),
        measurePressure(),
        sampleInterfaces(),
        sampleAllocations(),
        metricsUrl === undefined ? undefined : readExporterAllocations(metricsUrl, options.metricsTimeoutMs),
        readServerFiles(),
      ]);
      const networkInterfaces = interfaces.names();
      const live = exported ?? sockets?.live;
      const unsettled = sockets === undefined ? 0 : sockets.live - sockets.settled;
      const isBlind = traffic.missing.length === networkInterfaces.length;
      logAbsence(cpuReader.source, cpu !== undefined, 'the CPU load is reported as 0');
      for (const name of networkInterfaces) {
        const consequence = isBlind ? 'the bandwidth is reported as 0' : 'its traffic is not counted';
        logAbsence(`interface ${name}`, !traffic.missing.includes(name), consequence);
      }
      if (metricsUrl !== undefined) {
        logAbsence('exporter at TURN_METRICS_URL', exported !== undefined, 'counting relay sockets as allocations');
      }
      logAbsence('/proc/net/udp', sockets !== undefined, 'relay sockets are not counted');
      logAbsence('CPU pressure', pressure !== undefined, 'CPU pressure is not reported');
      logAbsence(
        'process of the TURN server',
        files !== undefined,
        'its open files are not reported, and all sockets in the relay range count as allocations',
      );
      return {
        cpuPercent: cpu ?? 0,
        bandwidthMbps: isBlind ? 0 : traffic.bandwidthMbps,
        allocations: {
          live,
          settled: live === undefined ? undefined : Math.max(0, live - unsettled),
          started: sockets?.started,
          capacity: allocationsCapacity(relayPorts, files),
        },
        details: {
          cpuPressurePercent: pressure,
          dropsPerSecond: isBlind ? undefined : traffic.dropsPerSecond,
          serverFiles: files,
        },
      };
    },
    async sample(probedPorts) {
      await Promise.all([sampleAllocations(probedPorts), sampleInterfaces()]);
    },
  };
}
