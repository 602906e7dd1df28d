import { describe, expect, test } from '@jest/globals';
import type { SimulatedCallers } from '../engine/callers.ts';
import { createWorld } from '../engine/world.ts';
import { createDistanceFigures } from './distance-figures.ts';

const nodes = [{ count: 1, capacityMbps: 100 }];
const world = createWorld({ regions: { near: { nodes }, far: { nodes } }, events: [] });
const [near, far] = world.nodes;
if (near === undefined || far === undefined) throw new Error('two nodes');
const callers: SimulatedCallers = {
  placed: { homeRegion: 'near' },
  demandMbpsAt: () => 1,
  addedKmByRegion: new Map([
    ['near', 0],
    ['far', 6000.4],
  ]),
};

describe('distance figures', () => {
  test('are the mean and the 99th percentile of the calls that began in the measured time', () => {
    const figures = createDistanceFigures({ durationSeconds: 200, measuredFromSecond: 100, points: 2 });
    figures.began(callers, far, 50);
    for (let call = 0; call < 98; call += 1) figures.began(callers, near, 150);
    figures.began(callers, far, 150);
    figures.began(callers, far, 150);
    expect(figures.figures().mean).toBeCloseTo(120.008);
    expect(figures.figures().p99).toBe(6000);
    expect(figures.series()[0]).toBeCloseTo(6000.4);
    expect(figures.series()[1]).toBeCloseTo(120.008);
  });

  test('are 0 for callers without a place', () => {
    const figures = createDistanceFigures({ durationSeconds: 200, measuredFromSecond: 0, points: 2 });
    figures.began({ ...callers, addedKmByRegion: undefined }, far, 50);
    expect(figures.figures()).toEqual({ mean: 0, p99: 0 });
  });
});
