import { defaultCapacityMbps } from '@turn-router/contract/policy';
import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { Logger } from '../logger.ts';
import type { Load } from '../measure/load-meter.ts';
import { createPresenceWatch } from '../measure/presence-watch.ts';
import { PrometheusError, type AskPrometheus } from './ask-prometheus.ts';
import { completeFigures, equalFigures } from './complete-figures.ts';
import { figuresFromSamples } from './figures-from-samples.ts';
import type { LoadUnit } from './load-source.ts';
import type { WatchedNode } from './watched-node.ts';

export interface FleetLoad {
  /** Queries the load of all nodes, except unhealthy nodes. Does not reject if Prometheus fails or `stop` fires. */
  readonly refresh: (stop: AbortSignal) => Promise<void>;
  /** Returns the last known load of a node; 0 before the first response. */
  readonly loadOf: (key: NodeKey) => Load;
  /** Returns the number of responses used so far. While this number is unchanged, the figures are also unchanged. */
  readonly responses: () => number;
}

export type FleetLoadOptions = {
  nodes: readonly WatchedNode[];
  unit: LoadUnit;
  ask: AskPrometheus;
  isUnhealthy: (key: NodeKey) => boolean;
  logger: Logger;
};

/** Reports every node as idle. Routers then use only their own count of issued calls. */
export const equalLoad: FleetLoad = {
  refresh: () => Promise.resolve(),
  loadOf: () => loadFromFigure(0, 'megabitsPerSecond'),
  responses: () => 0,
};

/**
 * Reads the load from Prometheus. If Prometheus fails, all nodes of a region get the last average load of the region. Calls then go to all healthy
 * nodes alike, and the region does not seem idle. A failure is logged once, and its end is logged once.
 */
export function createFleetLoad({ nodes, unit, ask, isUnhealthy, logger }: FleetLoadOptions): FleetLoad {
  const watch = createPresenceWatch();
  const sized = nodes.map(({ key, identity, privateAddress }) => ({
    key,
    name: nodeNameFromKey(key),
    address: privateAddress,
    size: unit === 'cpuPercent' ? 1 : (identity.bandwidth_capacity_mbps ?? defaultCapacityMbps),
  }));
  const addresses = new Set(sized.map(({ address }) => address));
  let figures: ReadonlyMap<string, number> = new Map();
  let responses = 0;

  function logLoad(present: boolean, reason = ''): void {
    const source = 'load from Prometheus';
    const change = watch(source, present);
    if (change === 'found')
      logger.info({ event: 'prometheus.load_restored', source }, 'Prometheus gives load figures again');
    if (change === 'lost') {
      logger.warn(
        { event: 'prometheus.load_missing', source },
        `no load figures from Prometheus: reporting the same load for all nodes of a region (${reason})`,
      );
    }
  }

  function logLoadOf(name: string, present: boolean): void {
    const source = `load of ${name} from Prometheus`;
    const change = watch(source, present);
    if (change === 'found') {
      logger.info({ event: 'prometheus.node_restored', source }, `Prometheus gives a load figure for ${name} again`);
    }
    if (change === 'lost') {
      logger.warn(
        { event: 'prometheus.node_missing', source },
        `no load figure for ${name} from Prometheus: reporting the region's average load`,
      );
    }
  }

  async function measure(asked: typeof sized, stop: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const samples = await ask([...new Set(asked.map(({ address }) => address))], stop);
    const measured = figuresFromSamples(samples, addresses);
    if (measured.size > 0) return measured;
    throw new PrometheusError(
      samples.length === 0
        ? 'the query returns no series'
        : 'none of the returned series has the address of a node and a valid value',
    );
  }

  return {
    async refresh(stop) {
      const asked = sized.filter(({ key }) => !isUnhealthy(key));
      if (asked.length === 0) return;
      let measured: ReadonlyMap<string, number>;
      try {
        measured = await measure(asked, stop);
      } catch (error) {
        if (!(error instanceof PrometheusError)) throw error;
        if (stop.aborted) return;
        logLoad(false, error.message);
        figures = equalFigures(sized, ({ name }) => figures.get(name));
        return;
      }
      logLoad(true);
      for (const { name, address } of asked) logLoadOf(name, measured.has(address));
      figures = completeFigures(sized, ({ address }) => measured.get(address));
      responses += 1;
    },
    loadOf: (key) => loadFromFigure(figures.get(nodeNameFromKey(key)) ?? 0, unit),
    responses: () => responses,
  };
}

const bandwidthMbps: Readonly<Record<Exclude<LoadUnit, 'cpuPercent'>, (figure: number) => number>> = {
  bytesPerSecond: (figure) => (figure * 8) / 1e6,
  bitsPerSecond: (figure) => figure / 1e6,
  megabitsPerSecond: (figure) => figure,
};

/** The figures that only a reporter beside the node can measure. */
const unknown: Pick<Load, 'allocations' | 'details'> = {
  allocations: { live: undefined, settled: undefined, started: undefined, capacity: undefined },
  details: { cpuPressurePercent: undefined, dropsPerSecond: undefined, serverFiles: undefined },
};

/** Returns the load for a figure of this unit. For a CPU figure the bandwidth is 0. For a bandwidth figure the CPU is 0. */
export function loadFromFigure(figure: number, unit: LoadUnit): Load {
  return unit === 'cpuPercent'
    ? { ...unknown, cpuPercent: Math.min(100, figure), bandwidthMbps: 0 }
    : { ...unknown, cpuPercent: 0, bandwidthMbps: bandwidthMbps[unit](figure) };
}
