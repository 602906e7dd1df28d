import { describe, expect, test } from '@jest/globals';
import { nodeLoad, regionLoad } from './node-load.ts';

describe('nodeLoad', () => {
  test.each([
    ['idle', 0, 0, 0],
    ['bandwidth alone', 0, 500, 0.35],
    ['cpu alone', 50, 0, 0.15],
    ['both half', 50, 500, 0.5],
    ['at capacity', 100, 1000, 1],
    ['beyond capacity', 100, 2000, 1.7],
  ])('%s', (_, cpu, bandwidthMbps, load) => {
    const weights = { cpu: 0.3, bandwidth: 0.7 };
    expect(nodeLoad({ cpu, bandwidthMbps, capacityMbps: 1000 }, weights)).toBeCloseTo(load, 10);
  });

  test('counts weights only against each other', () => {
    const figures = { cpu: 20, bandwidthMbps: 900, capacityMbps: 1000 };
    expect(nodeLoad(figures, { cpu: 3, bandwidth: 7 })).toBeCloseTo(
      nodeLoad(figures, { cpu: 0.3, bandwidth: 0.7 }),
      10,
    );
  });
});

describe('regionLoad', () => {
  test.each([
    ['no nodes', [], 0],
    ['one node', [{ bandwidthMbps: 800, capacityMbps: 1000 }], 0.8],
    [
      'a large idle node outweighs a small full one',
      [
        { bandwidthMbps: 100, capacityMbps: 100 },
        { bandwidthMbps: 0, capacityMbps: 900 },
      ],
      0.1,
    ],
  ])('%s', (_, nodes, load) => {
    expect(regionLoad(nodes)).toBeCloseTo(load, 10);
  });
});
