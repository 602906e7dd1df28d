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
  /** Asks for the load of every node that is not known to be unhealthy. Never rejects for what Prometheus does, or when it is stopped. */
  readonly refresh: (stop: AbortSignal) => Promise<void>;
  /** As last learnt; 0 before. */
  readonly loadOf: (key: NodeKey) => Load;
  /** How many answers have been learnt from: as long as it stands still, so do the figures. */
  readonly answers: () => number;
}

export type FleetLoadOptions = {
  nodes: readonly WatchedNode[];
  unit: LoadUnit;
  ask: AskPrometheus;
  isUnhealthy: (key: NodeKey) => boolean;
  logger: Logger;
};

/** Every node is as idle as the others: the router's own count of what it has given out is all there is to go by. */
export const equalLoad: FleetLoad = {
  refresh: () => Promise.resolve(),
  loadOf: () => loadFromFigure(0, 'megabitsPerSecond'),
  answers: () => 0,
};

/**
 * Load from Prometheus. When it gives none, all nodes of a region are taken to be as loaded as they were together, so that calls go to
 * any healthy one alike and the region's own load does not seem to drop; said once, and so is its return.
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
  let answers = 0;

  function logLoad(present: boolean, reason = ''): void {
    const source = 'load from Prometheus';
    const change = watch(source, present);
    if (change === 'found') logger.info({ event: 'prometheus.load_restored', source }, 'Prometheus gives load again');
    if (change === 'lost') {
      logger.warn(
        { event: 'prometheus.load_missing', source },
        `no load from Prometheus: treating the nodes of a region as equally loaded (${reason})`,
      );
    }
  }

  function logLoadOf(name: string, present: boolean): void {
    const source = `load of ${name} from Prometheus`;
    const change = watch(source, present);
    if (change === 'found') {
      logger.info({ event: 'prometheus.node_restored', source }, `Prometheus gives the load of ${name} again`);
    }
    if (change === 'lost') {
      logger.warn(
        { event: 'prometheus.node_missing', source },
        `no load of ${name} from Prometheus: assuming the region's average load`,
      );
    }
  }

  async function measure(asked: typeof sized, stop: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const samples = await ask([...new Set(asked.map(({ address }) => address))], stop);
    const measured = figuresFromSamples(samples, addresses);
    if (measured.size > 0) return measured;
    throw new PrometheusError(
      samples.length === 0 ? 'no series answers the query' : 'no series of its answer names a node and a number',
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
      answers += 1;
    },
    loadOf: (key) => loadFromFigure(figures.get(nodeNameFromKey(key)) ?? 0, unit),
    answers: () => answers,
  };
}

const bandwidthMbps: Readonly<Record<Exclude<LoadUnit, 'cpuPercent'>, (figure: number) => number>> = {
  bytesPerSecond: (figure) => (figure * 8) / 1e6,
  bitsPerSecond: (figure) => figure / 1e6,
  megabitsPerSecond: (figure) => figure,
};

/** What a sidecar would measure, and what is not known from elsewhere. */
const unknown: Pick<Load, 'allocations' | 'details'> = {
  allocations: { live: undefined, started: undefined, capacity: undefined },
  details: { cpuPressurePercent: undefined, dropsPerSecond: undefined, serverFiles: undefined },
};

/** What a node reports for a figure of this unit; of CPU and bandwidth the other one is 0. */
export function loadFromFigure(figure: number, unit: LoadUnit): Load {
  return unit === 'cpuPercent'
    ? { ...unknown, cpuPercent: Math.min(100, figure), bandwidthMbps: 0 }
    : { ...unknown, cpuPercent: 0, bandwidthMbps: bandwidthMbps[unit](figure) };
}
