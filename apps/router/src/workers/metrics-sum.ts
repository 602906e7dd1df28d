import { AggregatorRegistry, type Registry } from 'prom-client';
import type { MetricReading } from '../observe/metrics.ts';

export type MetricsSum = {
  /** `readings`: everything that this worker has measured since it started. */
  readonly take: (worker: number, readings: readonly MetricReading[]) => void;
  /** The worker has ended: what it has counted stays, its gauges go. */
  readonly end: (worker: number) => void;
  /** The workers as last heard, and what adds up of the primary's own, in Prometheus' text format. */
  readonly text: (own: readonly MetricReading[]) => Promise<string>;
};

/**
 * Makes one measurement of those of several processes, each metric in its own way (its `aggregator`).
 *
 * Not prom-client's `clusterMetrics`: with that a whole scrape fails when a worker ends meanwhile or stands still, and what an ended
 * worker has counted is forgotten. Counters would step back, and Prometheus would take all that the others have counted for new.
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
    text: async (own) => sum([...living.values(), await ended, own.filter(addsUp)]).metrics(),
  };
}

function sum(readings: readonly (readonly MetricReading[])[]): Registry {
  return AggregatorRegistry.aggregate([...readings]);
}

function isCount({ type }: MetricReading): boolean {
  // Its type declaration calls it a number; it is a name.
  return ['counter', 'histogram'].includes(String(type));
}

/** The primary answers no callers: its idle event loop would only better the workers' mean, and it has no snapshot to measure. */
function addsUp({ aggregator }: MetricReading): boolean {
  return aggregator === 'sum';
}
