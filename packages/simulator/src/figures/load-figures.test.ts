import { describe, expect, test } from '@jest/globals';
import { createWorld } from '../engine/world.ts';
import { createLoadFigures } from './load-figures.ts';
import { sampleRegion } from './region-sample.ts';

/** Samples of regions with a node of 100 and a node of 50 Mbit/s, with these loads in Mbit/s. */
function samplesOf(loads: Readonly<Record<string, readonly [number, number]>>) {
  const nodes = [
    { count: 1, capacityMbps: 100 },
    { count: 1, capacityMbps: 50 },
  ];
  const world = createWorld({
    regions: Object.fromEntries(Object.keys(loads).map((name) => [name, { nodes }])),
    events: [],
  });
  return Object.entries(loads).flatMap(([name, [large, small]]) => {
    const region = world.regions.get(name);
    if (region === undefined) return [];
    for (const [index, loadMbps] of [large, small].entries()) {
      Object.assign(region.nodes[index] ?? {}, { loadMbps, calls: loadMbps });
    }
    return [sampleRegion(region)];
  });
}

const clock = { durationSeconds: 100, measuredFromSecond: 50, points: 2 };

describe('load figures', () => {
  test('compare the load of the busiest node with evenly spread work, in the worst region', () => {
    const figures = createLoadFigures(['even', 'uneven'], clock);
    figures.sampled(samplesOf({ even: [60, 30], uneven: [30, 30] }), 60);
    // The busiest node has 30 of 50 (0.6), its region 60 of 150 (0.4).
    expect(figures.figures().peakToIdeal.max).toBeCloseTo(1.5);
    expect(figures.figures().regionLoad['uneven']?.mean).toBeCloseTo(0.4);
  });

  test('ignore samples before the measured time; curves show all samples', () => {
    const figures = createLoadFigures(['home'], clock);
    figures.sampled(samplesOf({ home: [100, 0] }), 10);
    figures.sampled(samplesOf({ home: [50, 25] }), 60);
    expect(figures.figures().peakToIdeal.max).toBe(1);
    expect(figures.series()).toEqual({
      peakToIdeal: [1.5, 1],
      regionLoad: { home: [100 / 150, 0.5] },
      overloadedCallShare: [0, 0],
    });
  });

  test('multiply the time above capacity by the calls in this time', () => {
    const figures = createLoadFigures(['full', 'calm'], clock);
    figures.sampled(samplesOf({ full: [110, 55], calm: [20, 15] }), 60);
    figures.sampled(samplesOf({ full: [100, 50], calm: [100, 50] }), 70);
    expect(figures.figures().overloadedCallShare).toBeCloseTo(165 / (165 + 35 + 300));
    expect(figures.series().overloadedCallShare[1]).toBeCloseTo(165 / (165 + 35 + 300));
  });

  test('leave out a region that has no node', () => {
    const samples = samplesOf({ home: [60, 30], lost: [0, 0] }).map((sample) =>
      sample.region.name === 'lost' ? { ...sample, capacityMbps: 0 } : sample,
    );
    const figures = createLoadFigures(['home', 'lost'], clock);
    figures.sampled(samples, 60);
    expect(figures.figures()).toMatchObject({ peakToIdeal: { max: 1 }, regionLoad: { lost: { mean: 0, max: 0 } } });
  });
});
