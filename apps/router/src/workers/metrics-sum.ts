import { AggregatorRegistry, type Registry } from 'prom-client';
import type { MetricReading } from '../observe/metrics.ts';

export type MetricsSum = {
  /** Stores all metrics of a worker since its start. */
  readonly take: (worker: number, readings: readonly MetricReading[]) => void;
  /** Handles the end of a worker. Its counts stay, and its gauges are dropped. */
  readonly end: (worker: number) => void;
  /** Returns the last metrics of all workers, and the metrics of the primary that can be summed, in Prometheus' text format. */
  readonly text: (own: readonly MetricReading[]) => Promise<string>;
};

/**
 * Combines the metrics of several processes, each metric by its `aggregator`.
 *
 * `clusterMetrics` of prom-client is not used. With it, the whole scrape fails if a worker ends or stalls, and the counts of an ended worker are
 * lost. Counters would then decrease. Prometheus would treat a decrease as a reset and count everything again.
 */
export function createMetricsSum(): MetricsSum {
  const living = new Map<number, readonly MetricReading[]>();
  let ended: Promise<readonly MetricReading[]> = Promise.resolve([]);

  return {
    take: (worker, readings) => void living.set(worker, readings),
    end: (worker) => {
      const counts = (living.get(worker) ?? []).filter(isCount);
      living.delete(worker);
      ended = ended.then((before) => sum([before, counts]).getMetricsAsJSON());
    },
    text: async (own) => sum([...living.values(), await ended, own.filter(isSummed)]).metrics(),
  };
}

function sum(readings: readonly (readonly MetricReading[])[]): Registry {
  return AggregatorRegistry.aggregate([...readings]);
}

function isCount({ type }: MetricReading): boolean {
  // The type declares a number, but the value is a name.
  return ['counter', 'histogram'].includes(String(type));
}

/**
 * Metrics that the primary leaves out. The primary answers no callers and has no snapshot. Its idle event loop would only improve the mean of the
 * workers.
 */
function isSummed({ aggregator }: MetricReading): boolean {
  return aggregator === 'sum';
}
