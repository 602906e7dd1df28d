import { describe, expect, test } from '@jest/globals';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createMetricsSum } from './metrics-sum.ts';

/** What one process measures. */
function readingsOf(calls: number, load: number, isFresh: 0 | 1) {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: 'calls_total', help: '.', labelNames: ['region'], registers }).inc({ region: 'x' }, calls);
  const duration = new Histogram({ name: 'duration_seconds', help: '.', buckets: [1], registers });
  for (let call = 0; call < calls; call += 1) duration.observe(0.5);
  new Gauge({ name: 'load', help: '.', aggregator: 'average', registers }).set(load);
  new Gauge({ name: 'fresh', help: '.', aggregator: 'min', registers }).set(isFresh);
  new Gauge({ name: 'memory_bytes', help: '.', registers }).set(100);
  return registry.getMetricsAsJSON();
}

async function linesOf(text: Promise<string>): Promise<string[]> {
  return (await text).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the metrics of several workers', () => {
  test('are combined by the aggregator of each metric; the primary adds to sums only', async () => {
    const sum = createMetricsSum();
    sum.take(1, await readingsOf(3, 0.2, 1));
    sum.take(2, await readingsOf(4, 0.6, 0));
    expect(await linesOf(sum.text(await readingsOf(1, 9, 0)))).toEqual([
      'calls_total{region="x"} 8',
      'duration_seconds_bucket{le="1"} 8',
      'duration_seconds_bucket{le="+Inf"} 8',
      'duration_seconds_sum 4',
      'duration_seconds_count 8',
      'load 0.4',
      'fresh 0',
      'memory_bytes 300',
    ]);
  });

  test('use the last readings of each worker', async () => {
    const sum = createMetricsSum();
    sum.take(1, await readingsOf(3, 0, 1));
    sum.take(1, await readingsOf(5, 0, 1));
    expect(await linesOf(sum.text([]))).toContain('calls_total{region="x"} 5');
  });

  test('keep the counts of ended workers and drop their gauges', async () => {
    const sum = createMetricsSum();
    for (const worker of [1, 2]) {
      sum.take(worker, await readingsOf(3, 0.2, 0));
      sum.end(worker);
    }
    sum.end(3);
    sum.take(1, await readingsOf(1, 0.6, 1));
    const lines = await linesOf(sum.text([]));
    expect(lines).toEqual(
      expect.arrayContaining([
        'calls_total{region="x"} 7',
        'duration_seconds_count 7',
        'load 0.6',
        'fresh 1',
        'memory_bytes 100',
      ]),
    );
  });

  test('are empty without any worker', async () => {
    expect(await linesOf(createMetricsSum().text([]))).toEqual([]);
  });
});
