import { AggregatorRegistry, type Registry } from 'prom-client';
import type { MetricReading } from '../observe/metrics.ts';

export type MetricsSum = {
  /** Takes all metrics of a worker since its start. */
  readonly take: (worker: number, readings: readonly MetricReading[]) => void;
  /** Handles the end of a worker: its counts stay, its gauges are dropped. */
  readonly end: (worker: number) => void;
  /** Returns the last metrics of all workers, and the summable metrics of the primary, in Prometheus' text format. */
  readonly text: (own: readonly MetricReading[]) => Promise<string>;
};

/**
 * Combines the metrics of several processes, each metric by its `aggregator`.
 *
 * prom-client's `clusterMetrics` is not used: it fails the whole scrape if a worker ends or stalls, and it forgets the counts of an ended worker.
 * Counters would decrease, and Prometheus would treat that as a reset and count everything again.
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
  // Declared as a number, but it is a name.
  return ['counter', 'histogram'].includes(String(type));
}

/** The primary answers no callers and has no snapshot. Its idle event loop would only improve the mean of the workers. */
function isSummed({ aggregator }: MetricReading): boolean {
  return aggregator === 'sum';
}
